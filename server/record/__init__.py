"""The safeguarding record of a student: concerns, actions and one chronology. Nothing is ever edited."""
