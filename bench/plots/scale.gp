# What bench_scale found, from the columns of columns.cmake:
# name active bare dense frame links nodes p10 p90 ratio.  gnuplot -e "columns='FOLDER'; pictures='FOLDER'" scale.gp
set terminal svg size 760,460 dynamic background rgb 'white' font 'sans,13'
set datafile separator "\t"
set logscale xy
set grid
set key outside right reverse Left
set style data linespoints
set format x '10^{%L}'
set yrange [1:*]
of(name) = columns . '/' . name

set output pictures . '/scale-links.svg'
set title '1000 active nodes of 2^{18}: what one costs, as links are added'
set xlabel 'links of the graph'
set ylabel 'ns per active node'
plot of('against-links-all-links-1000-active-ns-per-active-node') using 6:5 lc 3 pt 7 title 'frame, all links', \
     '' using 6:3 lc 3 dt 2 pt 6 title 'bare loop', \
     of('against-links-top-4-by-softmax-1000-active-ns-per-active-node') using 6:5 lc 2 pt 7 title 'frame, top 4', \
     '' using 6:3 lc 2 dt 2 pt 6 title 'bare loop', \
     of('against-links-k-1-1000-active-ns-per-active-node') using 6:5 lc 1 pt 7 title 'frame, K = 1', \
     '' using 6:3 lc 1 dt 2 pt 6 title 'bare loop'

set output pictures . '/scale-nodes.svg'
set title '100 active nodes: what one costs, as the graph grows'
set xlabel 'links of the graph'
plot of('against-nodes-top-4-by-softmax-100-active-ns-per-active-node') using 6:5 lc 2 pt 7 title 'frame, top 4', \
     '' using 6:3 lc 2 dt 2 pt 6 title 'bare loop', \
     of('against-nodes-k-1-100-active-ns-per-active-node') using 6:5 lc 1 pt 7 title 'frame, K = 1', \
     '' using 6:3 lc 1 dt 2 pt 6 title 'bare loop'

set output pictures . '/scale-frontier.svg'
set title 'RMAT 18: what a frame costs, as more nodes are active'
set xlabel 'active nodes'
set ylabel 'us per frame'
set yrange [*:*]
set format y '10^{%L}'
plot of('against-the-frontier-top-4-by-softmax-rmat-18-ns-per-active-node') using 2:($2*$5/1e3) lc 2 pt 7 title 'frame, top 4', \
     '' using 2:($2*$3/1e3) lc 2 dt 2 pt 6 title 'bare loop', \
     of('against-the-frontier-k-1-rmat-18-ns-per-active-node') using 2:($2*$5/1e3) lc 1 pt 7 title 'frame, K = 1', \
     '' using 2:($2*$3/1e3) lc 1 dt 2 pt 6 title 'bare loop'
