-- depends: 0019.questions
--
-- A whole balance can be sold however little it is, also for less than the quote asset's smallest unit: such a sale
-- raises nothing.
ALTER TABLE "order"
    ALTER COLUMN quote_amount TYPE amount,
    ALTER COLUMN received TYPE amount;
