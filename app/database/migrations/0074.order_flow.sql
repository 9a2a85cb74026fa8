-- depends: 0073.ends_of_pauses
--
-- Order flow of candles. NULL: not known, as for all candles of before. A process of the version before writes candles
-- without it, and may put a later version of a minute in the place of ours, whose volume is then another: that the takers'
-- part is not above the volume is checked by those who write it, not here.
--
-- Columns without a default and a check of new rows alone change no row and read none, however large the archive is.
ALTER TABLE candle
    ADD COLUMN taker_volume    double precision,
    ADD COLUMN quote_imbalance double precision,
    ADD CONSTRAINT candle_order_flow CHECK (
        taker_volume >= 0 AND taker_volume < 'Infinity' AND quote_imbalance >= -1 AND quote_imbalance <= 1
    ) NOT VALID;
