### Texts and errors of training.

driver-usual = the overall price trend

error-training-busy = Another training is running. Wait until it is done, or stop it safely.
error-training-too-big = Training needs more than { NUMBER($memory_mib) } MiB of memory. Raise PAPERDESK_ML__MEMORY_MIB, train on fewer symbols or days, or set PAPERDESK_ML__EXTERNAL_MEMORY to true. The current models stay in use.
error-training-disk-full = There is not enough space for the { NUMBER($needed_mib) } MiB of training features in { $folder }. Free some space, or train on fewer symbols or days. The current models stay in use.
error-training-ended = The training process stopped before it was done ({ $how }). The current models stay in use. Training runs again the next night, or with “paperdesk train”.
error-no-archived-candles = { $market ->
    [none] The archive contains no candles yet, so there is nothing to train on. Run Paperdesk for a few hours first.
   *[other] The archive contains no candles of { $market }, so there is nothing to train on. “paperdesk quality” shows the available data.
}
