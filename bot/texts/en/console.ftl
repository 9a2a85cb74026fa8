# The console's own sentences; what the commands answer stands in the other files.

console-greeting = Paperdesk: trade with virtual money at honest prices
console-hint = Type /help to see what you can do.
console-help = Buttons look like [1] Confirm: type the number (1) or the words (confirm) and press Enter. “open” shows the last picture, “exit” leaves.

console-no-such-button = { $count ->
    [0] There is no button to press now. Numbers press the buttons of an answer; type /help for the commands.
    [one] There is no button { $number }. The last buttons were only [1].
   *[other] There is no button { $number }. The last buttons go from [1] to [{ $count }].
}

console-line-too-long = That line is longer than 10,000 characters, so it was not read. Commands are short; type /help to see them.
console-line-holds-nul = That line holds a NUL byte, so it is not text and was not read.
console-line-not-utf8 = That line is not valid UTF-8 text, so it was not read.

console-picture = The picture is here (“open” shows it):
console-picture-not-kept = The picture could not be written to the data folder. Is the disk full, or the folder not yours to write to?
console-document = The file is here (“open” shows it); only you can read it:
console-document-not-kept = The file could not be written to the data folder. Is the disk full, or the folder not yours to write to?
console-no-picture = There is no picture yet. Try /chart BTC first.
console-opened = Opening { $path }
console-no-viewer = No program to show pictures was found here. The picture lies at { $path }

console-progress-setup = Setting up the database and the price store (only the first time)
console-progress-engines = Starting the database and the price store
console-progress-market = Opening the market
console-question = Type your answer, a button’s number, or /cancel.
