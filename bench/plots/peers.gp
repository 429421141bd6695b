# What bench_peers found, from the columns of columns.cmake: name median p10 p90 ratio p10 p90.
# gnuplot -e "columns='FOLDER'; pictures='FOLDER'" peers.gp
set terminal svg size 760,420 dynamic background rgb 'white' font 'sans,13'
set datafile separator "\t"
set style data histograms
set style fill solid .8
set boxwidth .8
set grid ytics
set xtics rotate by -20 nomirror
unset key
of(name) = columns . '/' . name

set output pictures . '/peers-step.svg'
set title 'A step of the whole graph, RMAT 16'
set ylabel 'ns per link'
set yrange [0:*]
plot of('a-step-of-the-whole-graph-rmat-16') using 2:xtic(1) lc 1

set output pictures . '/peers-frontier.svg'
set title '100 nodes times the matrix, and a frame of strides, RMAT 16'
set ylabel 'us'
set yrange [*:*]
set logscale y
plot of('100-nodes-times-the-matrix-rmat-16') using 2:xtic(1) lc 2
