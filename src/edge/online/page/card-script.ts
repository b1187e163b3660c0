/**
 * What makes typing a card easier; without it the page works all the same. Its own few lines, under
 * the page's nonce: it groups the number, names the brand, writes the slash of the date, and says
 * what is wrong when a field is left rather than when the form is sent. It sends nothing.
 *
 * The caret stays behind the digit that it was behind: what the grouping inserts is not counted.
 */
export const cardScript = `(function(){'use strict';
var $=function(id){return document.getElementById(id)},n=$('number'),x=$('expiry'),c=$('cvc'),b=$('brand');
function western(s){return s.replace(/[\\u0660-\\u0669\\u06f0-\\u06f9]/g,function(d){return String(d.charCodeAt(0)&15)})}
function digits(s){return western(s).replace(/[^0-9]/g,'')}
function put(f,v){if(f.value===v)return;
var at=digits(f.value.slice(0,f.selectionStart)).length,i=0;f.value=v;
for(;at>0&&i<v.length;i++)if(/[0-9]/.test(v.charAt(i)))at--;
while(i<v.length&&!/[0-9]/.test(v.charAt(i))&&v.length===i+1)i++;
if(document.activeElement===f)f.setSelectionRange(i,i)}
function brandOf(d){if(/^9504/.test(d))return b.getAttribute('data-national');
if(/^4/.test(d))return 'Visa';
if(/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/.test(d))return 'Mastercard';return ''}
function luhn(d){var s=0,i,v;for(i=0;i<d.length;i++){v=+d.charAt(d.length-1-i);
if(i%2){v*=2;if(v>9)v-=9}s+=v}return s%10===0}
function tell(f,key){var e=$(f.id+'-error'),t=key?f.getAttribute('data-'+key)||'':'';
if(e.textContent.trim()!==t)e.textContent=t;
if(t)f.setAttribute('aria-invalid','true');else f.removeAttribute('aria-invalid')}
n.addEventListener('input',function(){var d=digits(n.value).slice(0,19);
put(n,d.replace(/(.{4})(?=.)/g,'$1 '));var name=brandOf(d);
if(b.textContent!==name)b.textContent=name;tell(n)});
n.addEventListener('blur',function(){var d=digits(n.value);
if(d)tell(n,d.length<12?'shape':luhn(d)?'':'check')});
x.addEventListener('input',function(e){var d=digits(x.value).slice(0,6);tell(x);
if(/[^0-9\\s\\/.\\-]/.test(western(x.value))||/^delete/.test(e.inputType||''))return;
if(d.length>2&&d.length<5&&/^(0[1-9]|1[0-2])/.test(d))put(x,d.slice(0,2)+'/'+d.slice(2))});
x.addEventListener('blur',function(){if(x.value.trim())
tell(x,/^(0?[1-9]|1[0-2])\\s*[\\/.\\-]?\\s*(20)?[0-9]{2}$/.test(western(x.value.trim()))?'':'shape')});
c.addEventListener('input',function(){put(c,digits(c.value).slice(0,4));tell(c)});
c.addEventListener('blur',function(){if(c.value)tell(c,c.value.length<3?'shape':'')});
if(n.value)n.dispatchEvent(new Event('input'));
})()`
