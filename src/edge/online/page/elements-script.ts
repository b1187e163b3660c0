/**
 * `Monetique(key).card(element, options)` in a shop's page: a frame of the centre, and promises of
 * tokens. It takes messages of that frame and that origin only, and never meets a card.
 */
export const elementsScript = `(function(){'use strict';
var home=new URL(document.currentScript.src).origin,
titles={fr:'Carte bancaire',ar:'البطاقة البنكية',en:'Bank card'},
waitMs=30000,count=0;
function card(key,place,options){options=options||{};
var box=typeof place==='string'?document.querySelector(place):place;
if(!box||!box.appendChild)throw new TypeError('card(element): there is no such element');
var language=titles[options.language]?options.language:'fr',frame=document.createElement('iframe'),
waiting={},ready,shown=false,gone=false,isReady=new Promise(function(yes){ready=yes});
frame.src=home+'/elements/card?'+new URLSearchParams({key:key,language:language,origin:location.origin});
frame.title=titles[language];frame.setAttribute('allow','');
frame.style.cssText='border:0;width:100%;height:20rem;display:block;color-scheme:normal';
function hear(e){var m=e.data,w;
if(e.source!==frame.contentWindow||e.origin!==home||!m||m.monetique!==1)return;
if(m.type==='height'&&m.px>0&&m.px<2000)frame.style.height=Math.ceil(m.px)+'px';
else if(m.type==='ready'){shown=true;ready()}
else if(m.type==='submit'){if(options.onSubmit)options.onSubmit()}
else if(m.type==='answer'&&(w=waiting[m.id])){delete waiting[m.id];w(m.token?{token:m.token}:{error:m.error})}}
window.addEventListener('message',hear);
frame.addEventListener('load',function(){setTimeout(function(){if(!shown&&!gone)console.error(
'Monetique: the centre does not show the card fields at '+location.origin+': open '+frame.src+' to read why')},2000)});
box.appendChild(frame);
function failed(code,message){return {error:{code:code,message:message,field:null}}}
return{
tokenize:function(){if(gone)return Promise.resolve(failed('destroyed','the card fields were removed'));
var id=++count;return new Promise(function(done){waiting[id]=done;
setTimeout(function(){if(waiting[id]){delete waiting[id];done(failed('unavailable','the centre did not answer'))}},waitMs);
isReady.then(function(){if(!gone)frame.contentWindow.postMessage({monetique:1,type:'tokenize',id:id},home)})})},
focus:function(){isReady.then(function(){if(!gone){frame.focus();frame.contentWindow.postMessage({monetique:1,type:'focus'},home)}})},
destroy:function(){gone=true;window.removeEventListener('message',hear);frame.remove();
Object.keys(waiting).forEach(function(id){waiting[id](failed('destroyed','the card fields were removed'));delete waiting[id]})}}}
window.Monetique=function(key){
if(!/^pk_[!-~]+$/.test(key))throw new TypeError('Monetique(key): a publishable key pk_… is expected, and never a secret one');
return{card:function(place,options){return card(key,place,options)}}}})()`
