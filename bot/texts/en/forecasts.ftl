# What training and forecasting refuse. One sentence each, with what to do.

error-unreadable-candles = { $path } is no parquet file with the columns { $columns }. Check the path and the columns.
error-scattered-candles = { NUMBER($found) } candles are scattered over a grid of { NUMBER($places) }: some of their times are wrong. Check the column open_time, which is in milliseconds.
error-unknown-recipe = There is no recipe “{ $name }”. There are { $known }.
error-bad-horizon = { NUMBER($candles) } candles cannot show how good a forecast over { NUMBER($horizon) } of them is. Choose a horizon from 1 to { NUMBER($most) }.
error-no-training-data = { NUMBER($found) } candles with a known outcome are too few to learn from: at least { NUMBER($needed) } are needed. Take more symbols or a longer time.
error-report-unwritable = The report cannot be written into { $folder } ({ $why }). Name another folder with --out.
