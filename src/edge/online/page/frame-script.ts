/**
 * In the frame: on the shop's word it looks at the four fields, exchanges the card for a token at
 * its own origin, and tells the shop's page the token, or what is wrong in the frame's language.
 * What it hears and tells goes to the one origin that the frame was opened for.
 */
export const frameScript = `(function(){'use strict';
var $=function(id){return document.getElementById(id)},form=$('card'),d=form.dataset,top=window.parent,busy=false;
function western(s){return s.replace(/[\\u0660-\\u0669\\u06f0-\\u06f9]/g,function(c){return String(c.charCodeAt(0)&15)})}
function say(m){m.monetique=1;top.postMessage(m,d.origin)}
function size(){say({type:'height',px:document.documentElement.offsetHeight})}
function mark(name,key){var f=$(name),t=f.getAttribute('data-'+key)||d.failed;
f.setAttribute('aria-invalid','true');$(name+'-error').textContent=t;
return {code:'invalid_card',message:t,field:name}}
function wrong(){var n=western($('number').value).replace(/[^0-9]/g,''),s=0,i,v,all=[];
for(i=0;i<n.length;i++){v=+n.charAt(n.length-1-i);if(i%2){v*=2;if(v>9)v-=9}s+=v}
if(!n)all.push(mark('number','missing'));
else if(n.length<12||n.length>19)all.push(mark('number','shape'));
else if(s%10)all.push(mark('number','check'));
if(!/^(0?[1-9]|1[0-2])\\s*[\\/.\\-]?\\s*(20)?[0-9]{2}$/.test(western($('expiry').value.trim())))all.push(mark('expiry','shape'));
if(!/^[0-9]{3,4}$/.test(western($('cvc').value.trim())))all.push(mark('cvc','shape'));
return all[0]}
function refusal(e){var f=e&&e.field,key={number:'check',expiry:'past',cvc:'shape',name:'shape'}[f];
if(e&&e.code==='invalid_card'&&key){var m=mark(f,key);$(f).focus();return m}
return {code:e&&e.code||'unavailable',message:d.failed,field:null}}
function tokenize(id){if(busy)return say({type:'answer',id:id,error:{code:'busy',message:d.failed,field:null}});
var first=wrong();if(first){$(first.field).focus();size();return say({type:'answer',id:id,error:first})}
busy=true;var body={number:$('number').value,expiry:$('expiry').value,cvc:$('cvc').value};
if($('name').value.trim())body.name=$('name').value;
fetch('/v1/tokens',{method:'POST',headers:{authorization:'Bearer '+d.key,'content-type':'application/json'},
body:JSON.stringify(body)}).then(function(r){return r.json()}).then(function(a){
if(a.id){$('cvc').value='';say({type:'answer',id:id,token:a.id})}else say({type:'answer',id:id,error:refusal(a.error)})})
.catch(function(){say({type:'answer',id:id,error:refusal()})})
.then(function(){busy=false;size()})}
window.addEventListener('message',function(e){var m=e.data;
if(e.source!==top||e.origin!==d.origin||!m||m.monetique!==1)return;
if(m.type==='tokenize')tokenize(m.id);else if(m.type==='focus')$('number').focus()});
$('name').addEventListener('input',function(){$('name').removeAttribute('aria-invalid');$('name-error').textContent=''});
form.addEventListener('submit',function(e){e.preventDefault();say({type:'submit'})});
if(window.ResizeObserver)new ResizeObserver(size).observe(document.documentElement);
size();say({type:'ready'})})()`
