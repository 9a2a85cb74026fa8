-- Rows as a desk of migration 0050 wrote them, beside those of 0036. Never edited: it stands for the databases of users.

-- A resting order of person 1 that was accepted and cancelled, before trading was halted.
UPDATE trading_state SET halted = false;
SELECT count(*) FROM accept_orders(jsonb_build_object(
    'account_id', 1, 'market', 'simulator', 'symbol', 'BTCUSDC', 'base', 'BTC', 'quote', 'USDC', 'base_unit', '1e-8',
    'quote_unit', '1e-8', 'list_kind', NULL, 'hold_asset', 'USDC', 'hold_amount', '400', 'fee_rate', '0.001',
    'max_of_symbol', 10, 'max_open', 10, 'command_id', 'rest-1', 'body', repeat('ab', 32), 'at', '2021-04-01T00:00:00Z',
    'market_time', 1617235200000, 'orders', jsonb_build_array(jsonb_build_object(
        'side', 'buy', 'type', 'LIMIT', 'quantity', '0.01', 'limit_price', '40000', 'time_in_force', 'GTC',
        'hold_price', '40000', 'queue_ahead', '0.5')), 'effects', '[]'::jsonb));
SELECT outcome FROM cancel_orders(1, NULL, 'BTCUSDC', 'rest-2', decode(repeat('cd', 32), 'hex'), '2021-04-02 00:00Z',
                                  1617321600000);
UPDATE trading_state SET halted = true;
