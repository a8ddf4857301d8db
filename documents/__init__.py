"""What a report says, once, and how it is set: as PDF, Word, a piece of HTML, or the text of a mail."""
