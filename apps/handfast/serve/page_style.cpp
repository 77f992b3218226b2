// The stylesheet of the page. Light and dark pairs have a contrast of at least 4.5:1 (WCAG 2.2 AA).
// Its hash stands in Content-Security-Policy: there is no other style on the page.
#include "page_parts.hpp"

namespace handfast::apps::serve {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;
--paper:#fbfaf8;--card:#fff;--ink:#1c2128;--soft:#565f6b;--rule:#dcd9d2;--shade:#f3f1ec;--hatch:#eeebe4;
--c:#0b6478;--c-soft:#d8eef2;--s:#8b2a6b;--s-soft:#f6e1ef;
--good:#17693a;--good-soft:#dcf1e3;--warn:#7a4d00;--warn-soft:#fbecc8;--bad:#a5201c;
--t0:#0b7285;--t1:#8b2a6b;--t2:#b7791f;--t3:#2f6f44;--t4:#5a54a4;--t5:#b04a3a;--t6:#868d96;
--mono:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){:root{
--paper:#14171c;--card:#1c2027;--ink:#e9ebee;--soft:#a7afba;--rule:#353b45;--shade:#1a1e25;--hatch:#20252d;
--c:#6fd0e2;--c-soft:#12363f;--s:#eca0d2;--s-soft:#42203a;
--good:#7fd79f;--good-soft:#153522;--warn:#f1c56b;--warn-soft:#3d2e0c;--bad:#ff9a92;
--t0:#3aa9bd;--t1:#c867a7;--t2:#d9a441;--t3:#5fb37c;--t4:#8f89dd;--t5:#dd7f6e;--t6:#6b7480}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",
"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
.top,main,footer{max-width:66rem;margin-inline:auto;padding-inline:clamp(1rem,4vw,2.5rem)}
a{color:var(--c)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--c);outline-offset:2px;
border-radius:.25rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:center;justify-content:space-between;padding-block:1.1rem}
.mark{display:flex;gap:.6rem;align-items:center;font-weight:700;letter-spacing:.01em;text-decoration:none;
color:var(--ink)}
.mark svg{width:1.75rem;height:1rem}.mark path{fill:none;stroke-width:2.2;stroke-linecap:round}
.mark-c{stroke:var(--c)}.mark-s{stroke:var(--s)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:0;padding:0;font-size:.9rem}
nav a{color:var(--soft);text-decoration:none}nav a:hover{text-decoration:underline}
h1{font-size:clamp(1.9rem,5vw,2.9rem);line-height:1.12;letter-spacing:-.02em;margin:.2rem 0 .8rem;text-wrap:balance}
h2{font-size:1.55rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 .5rem}
h3{font-size:1.08rem;margin:1.6rem 0 .5rem}h4{font-size:.9rem;margin:1rem 0 .35rem}
section{padding-block:2.2rem;border-top:1px solid var(--rule)}
section>p{max-width:46rem}
.hero{border-top:0;padding-top:1.6rem}
.eyebrow{margin:0;color:var(--soft);font-size:.95rem}
.lead{font-size:1.15rem;max-width:44rem}
.sign{font-weight:700}.good .sign,.sign.good{color:var(--good)}.warn .sign{color:var(--warn)}
.badge{border:1px solid currentColor;border-left-width:.45rem;border-radius:.6rem;padding:.9rem 1.2rem;max-width:46rem;
margin:1.4rem 0}
.badge.good{background:var(--good-soft);border-color:var(--good)}
.badge.warn{background:var(--warn-soft);border-color:var(--warn)}
.badge p{margin:0}.badge-head{font-size:1.25rem;font-weight:700}
.good .badge-head{color:var(--good)}.warn .badge-head{color:var(--warn)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.9rem 2rem;margin:1.6rem 0 0}
dl.facts div{border-top:2px solid var(--rule);padding-top:.45rem}
dt{color:var(--soft);font-size:.85rem}dd{margin:0}
.facts dd{font-weight:600}.facts div:last-child{grid-column:1/-1}.facts code{font-size:1.05em}
dl.small{display:grid;gap:.3rem;margin:.4rem 0;font-size:.92rem}
dl.small div{display:grid;grid-template-columns:minmax(6rem,9rem) 1fr;gap:.8rem}
dl.wide{max-width:46rem}
code,.hex{font-family:var(--mono);font-size:.86em}
)css"
                                    R"css(
.lanes{--x:clamp(1.1rem,4vw,3.2rem);--gap:1.6rem;position:relative;margin-top:1.4rem}
.heads{display:flex;justify-content:space-between;font-weight:700}
.heads span{min-width:calc(2*var(--x));text-align:center;padding-bottom:.3rem}
.heads .c{margin-inline-start:0;text-align:left}.heads .s{text-align:right}
.c{color:var(--c)}.s{color:var(--s)}
.lanes ol{list-style:none;margin:0;padding:.4rem 0 1.2rem;position:relative}
.lanes ol::before,.lanes ol::after{content:"";position:absolute;top:0;bottom:0;width:3px;border-radius:2px;z-index:1}
.lanes ol::before{left:calc(var(--x) - 1.5px);background:var(--c)}
.lanes ol::after{right:calc(var(--x) - 1.5px);background:var(--s)}
.lanes li.step{position:relative}
.step>details>summary{display:block;list-style:none;cursor:pointer;position:relative;
padding:.75rem calc(var(--x) + var(--gap));z-index:2}
.step>details>summary::-webkit-details-marker{display:none}
.step>details>summary:hover .name{text-decoration:underline}
.arrow .number{position:absolute;top:50%;width:1.9rem;height:1.9rem;border-radius:50%;display:grid;
place-items:center;font-size:.85rem;font-weight:700;background:var(--card);border:2px solid;
transform:translate(-50%,-50%);left:0}
.from-server .number{left:100%}
.line{display:flex;flex-wrap:wrap;gap:0 1rem;align-items:baseline;justify-content:space-between}
.from-server .line{flex-direction:row-reverse}
.name{font-size:1.06rem}
.from-client .name{color:var(--c)}.from-server .name{color:var(--s)}
.name::after{content:"▸";display:inline-block;margin-inline-start:.45rem;font-size:.8em;color:var(--soft)}
details[open]>summary .name::after{transform:rotate(90deg)}
.meta{color:var(--soft);font-size:.85rem;font-variant-numeric:tabular-nums}
.arrow{display:block;height:2px;margin:.25rem calc(-1*var(--gap));position:relative;background:currentColor}
.from-client .arrow{color:var(--c)}.from-server .arrow{color:var(--s)}
.arrow::after{content:"";position:absolute;top:50%;width:.85rem;height:.85rem;transform:translateY(-50%);
background:currentColor}
.from-client .arrow::after{right:2px;clip-path:polygon(0 0,100% 50%,0 100%)}
.from-server .arrow::after{left:2px;clip-path:polygon(100% 0,0 50%,100% 100%)}
.says{display:block;font-size:.93rem}.say{display:block}
.from-server .says{text-align:right}
.sealed{background:repeating-linear-gradient(-45deg,var(--shade) 0 .5rem,var(--hatch) .5rem 1rem)}
.curtain{position:relative;z-index:2;background:var(--ink);color:var(--paper)}
.curtain p{margin:0;padding:.45rem 1rem;text-align:center;font-size:.93rem;font-weight:600}
.body{position:relative;z-index:3;background:var(--card);border:1px solid var(--rule);border-radius:.6rem;
margin:.2rem 0 .9rem;padding:.4rem clamp(.7rem,3vw,1.6rem) 1.2rem}
.why{font-size:1.03rem;max-width:46rem}
.certificate{border-left:.3rem solid var(--s);padding-left:1rem;margin:1rem 0}
p.small{font-size:.9rem;color:var(--soft);margin:.2rem 0}
.chips{display:flex;flex-wrap:wrap;gap:.35rem;list-style:none;margin:.3rem 0;padding:0}
.chip{display:inline-block;border:1px solid var(--rule);border-radius:.45rem;padding:.05rem .5rem;font-size:.86rem;
background:var(--card);color:var(--ink)}
.chip.chosen{background:var(--good-soft);border-color:var(--good);color:var(--good);font-weight:700}
.chip.alone{background:transparent;color:var(--soft)}
.fold{display:block;width:100%}.fold>summary{cursor:pointer;font-size:.86rem;color:var(--soft)}.fold[open]>summary{margin-bottom:.3rem}
.chip.grease{background:transparent;border-style:dashed;border-color:var(--soft);color:var(--soft);font-style:italic}
.pq{color:var(--good);font-weight:700}
.icon{width:1em;height:1em;vertical-align:-.12em;margin-right:.45em;fill:none;stroke:currentColor;stroke-width:1.6}
.cards{columns:3 18rem;column-gap:1rem;margin-top:1.2rem}.cards.two{columns:2 20rem}
.card{break-inside:avoid;margin-bottom:1rem;background:var(--card);border:1px solid var(--rule);border-radius:.7rem;padding:.4rem 1.2rem 1.1rem}
.card h3{margin:.7rem 0 0;font-size:.95rem;color:var(--soft);font-weight:600}
.two .card h3{color:var(--ink);font-size:1.08rem}.two ul{padding-left:1.2rem;margin:.6rem 0}
.answer{font-size:1.2rem;font-weight:700;margin:.1rem 0 .5rem;line-height:1.25}
.card>p{margin:.3rem 0}.empty{color:var(--soft);margin:.3rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--rule)}
thead th{color:var(--soft);font-size:.82rem;font-weight:600;white-space:nowrap}
tbody th{font-weight:600}
.at,.size{color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.size{text-align:right;padding-right:1.2rem}
.extensions tbody th{min-width:11rem}
.extensions td:nth-child(4){min-width:12rem}.extensions td:nth-child(5){min-width:14rem;color:var(--soft)}
.grease-row th,.grease-row td{color:var(--soft);font-style:italic}
.scroll{overflow-x:auto}
small{font-size:.82em;color:var(--soft);font-weight:400}
.sizes{margin:1.4rem 0}
.sizes figcaption{font-weight:600;margin-bottom:.4rem}
.sizes>svg{display:block;width:100%;height:2.2rem;border-radius:.4rem}
.sizes ul{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;list-style:none;padding:0;margin:.6rem 0 0;font-size:.9rem}
.sizes li svg{width:.8rem;height:.8rem;margin-right:.4rem}
.t0{fill:var(--t0)}.t1{fill:var(--t1)}.t2{fill:var(--t2)}.t3{fill:var(--t3)}.t4{fill:var(--t4)}.t5{fill:var(--t5)}
.t6{fill:var(--t6)}
details.list{border-bottom:1px solid var(--rule);padding:.5rem 0}
details.list>summary,details.more>summary{cursor:pointer;font-weight:600}
details.more>summary{font-weight:400;color:var(--c);font-family:system-ui,sans-serif}
.ja4{font-size:clamp(1rem,3.4vw,1.5rem);font-weight:600;margin:.8rem 0}
.k0{color:var(--c)}.k1{color:var(--s)}.k2{color:var(--good)}
.bytes .hex{width:27rem;max-width:50vw;word-spacing:.05em}
.bytes .hex code{font-size:1em}
.bytes th,.bytes td{padding-block:.22rem}
.bytes .gap td,.bytes .gap th{color:var(--soft);font-weight:400}
.bytes .group th{font-weight:700}
.d1{padding-left:1rem}.d2{padding-left:2rem}.d3{padding-left:3rem}.d4{padding-left:4rem}.d5{padding-left:5rem}
.d6{padding-left:6rem}
.schedule{list-style:none;margin:1.4rem 0;padding:0}
.schedule>li{display:grid;grid-template-columns:1fr 13rem 1.4fr;gap:0 1.4rem;align-items:center;position:relative;
padding-bottom:2.2rem}
.schedule>li:last-child{padding-bottom:.6rem}
.schedule>li:not(:last-child)::after{content:"↓";position:absolute;bottom:.1rem;font-size:1.4rem;line-height:1.6rem;
left:calc((100% - 13rem - 2.8rem)/2.4 + 1.4rem);width:13rem;text-align:center;color:var(--soft)}
.in{margin:0;text-align:right;font-size:.93rem}.in::after{content:" →";color:var(--soft)}
.secret{margin:0;text-align:center;font-weight:700;background:var(--ink);color:var(--paper);border-radius:.6rem;
padding:.8rem .6rem}
.out{margin:0;padding:0;list-style:none;font-size:.93rem}
.out li{border-left:3px solid var(--rule);padding:.15rem 0 .15rem .8rem;margin:.25rem 0;color:var(--ink)}
.out .c{border-color:var(--c)}.out .s{border-color:var(--s)}
.out .c b{color:var(--c)}.out .s b{color:var(--s)}
.words{max-width:48rem;padding-left:1.6rem}.words li{margin:.45rem 0}.words .plain{list-style:none;color:var(--soft)}
.break{overflow-wrap:anywhere}
.note{border-top:0;padding-block:4rem}
footer{padding-block:1.6rem 3rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.92rem}
footer p{max-width:48rem}
@media (max-width:44rem){
.schedule>li{grid-template-columns:1fr;gap:.5rem}.in{text-align:left}.in::after{content:" ↓"}
.schedule>li:not(:last-child)::after{left:0;width:100%}
.bytes .hex{max-width:60vw;width:14rem}
dl.small div{grid-template-columns:1fr;gap:0}
.lanes{--gap:1.3rem}.arrow .number{width:1.6rem;height:1.6rem}}
@media print{
:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--c:#0b5566;--s:#7a1f5c;--shade:#f3f3f3;--hatch:#e8e8e8}
nav,.skip,.more{display:none}body{font-size:10pt}section{padding-block:1rem}
.card,.step,.schedule>li,tr{break-inside:avoid}.sealed,.secret,.curtain{print-color-adjust:exact;
-webkit-print-color-adjust:exact}}
)css";

}  // namespace

std::string_view page_style() { return kStyle; }

}  // namespace handfast::apps::serve
