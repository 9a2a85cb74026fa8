### What training says and refuses.

driver-usual = what prices did on the whole

error-training-busy = Another training is under way. Wait until it is done; it is safe to end it.
error-training-too-big = Training did not fit into { NUMBER($memory_mib) } MiB of memory. Allow more with PAPERDESK_ML__MEMORY_MIB, learn from fewer symbols or days, or set PAPERDESK_ML__EXTERNAL_MEMORY to true. The models before it go on.
error-training-disk-full = There is no room for { NUMBER($needed_mib) } MiB in { $folder }, where training keeps its features. Make room there, or learn from fewer symbols or days. The models before it go on.
error-training-ended = The training process was ended before it was done ({ $how }). The models before it go on; it learns again the next night, or with “paperdesk train”.
error-nothing-to-learn = { $market ->
    [none] The archive holds no candles yet, so there is nothing to learn from. Run the desk for some hours first.
   *[other] The archive holds no candles of { $market }, so there is nothing to learn from. “paperdesk quality” shows what is there.
}
