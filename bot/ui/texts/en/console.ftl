# Texts of the console itself. The answers of the commands are in the other files.

console-greeting = Paperdesk: paper trading with virtual money and realistic costs
console-hint = Type /help for a list of commands.
console-help = Buttons look like [1] Confirm: type the number (1) or the label (confirm) and press Enter. “open” shows the last picture, “exit” quits.

console-no-such-button = { $count ->
    [0] There are no buttons right now. A number presses a button of the last answer. /help lists the commands.
    [one] There is no button { $number }. The last answer has only button [1].
   *[other] There is no button { $number }. The last answer has buttons [1] to [{ $count }].
}

console-line-too-long = That line is longer than 10,000 characters and was ignored. /help lists the commands.
console-line-holds-nul = That line contains a NUL byte and was ignored.
console-line-not-utf8 = That line is not valid UTF-8 and was ignored.

console-picture = Picture saved (“open” shows it):
console-picture-not-kept = The picture could not be saved to the data folder. Check that the disk is not full and that the folder is writable.
console-document = File saved (“open” shows it); only you can read it:
console-document-not-kept = The file could not be saved to the data folder. Check that the disk is not full and that the folder is writable.
console-no-picture = There is no picture yet. Try /chart { COIN() } first.
console-opened = Opening { $path }
console-no-viewer = No image viewer was found. The picture is at { $path }

console-progress-setup = Setting up the database and the price store (first start only)
console-progress-engines = Starting the database and the price store
console-progress-market = Opening the market
console-question = Type your answer, a button’s number, or /cancel.
