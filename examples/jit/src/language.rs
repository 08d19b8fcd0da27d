//! The language: variables that are numbers, a memory of numbers, loops.
//!
//! ```text
//! a = 1; while a < 100 { mem[a] = a * a; print mem[a]; a = a + a; }
//! ```

/// A statement.
pub enum Statement {
    /// `name = value;`, with the number of the variable.
    Set(u32, Expression),
    /// `mem[index] = value;`
    Store(Expression, Expression),
    /// `print value;`
    Print(Expression),
    /// `while condition { … }`: as long as the condition isn't 0.
    While(Expression, Vec<Statement>),
}

/// What has a value.
pub enum Expression {
    Number(i64),
    /// The number of a variable.
    Variable(u32),
    /// `mem[index]`
    Load(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
}

#[derive(Clone, Copy)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Less,
}

/// A program, and the names of its variables in the order of their numbers.
pub struct Program {
    pub statements: Vec<Statement>,
    pub variables: Vec<String>,
}

/// Reads a program.
///
/// # Errors
///
/// Says what was expected, and in which line.
pub fn parse(text: &str) -> Result<Program, String> {
    let mut parser = Parser {
        words: words(text),
        next: 0,
        variables: Vec::new(),
    };
    let mut statements = Vec::new();
    while parser.next < parser.words.len() {
        statements.push(parser.statement()?);
    }
    Ok(Program {
        statements,
        variables: parser.variables,
    })
}

/// Names, numbers and single signs, each with its line.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (line, text) in text.lines().enumerate() {
        let mut rest = text.split('#').next().unwrap_or("").trim_start();
        while let Some(first) = rest.chars().next() {
            let in_word = |c: char| c.is_alphanumeric() || c == '_';
            let end = if in_word(first) {
                rest.find(|c| !in_word(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            found.push((line + 1, &rest[..end]));
            rest = rest[end..].trim_start();
        }
    }
    found
}

struct Parser<'a> {
    words: Vec<(usize, &'a str)>,
    next: usize,
    variables: Vec<String>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a str {
        self.words.get(self.next).map_or("", |&(_, word)| word)
    }

    fn take(&mut self) -> &'a str {
        let word = self.peek();
        self.next += 1;
        word
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        match self.take() {
            found if found == wanted => Ok(()),
            found => Err(self.wrong(&format!("`{wanted}`"), found)),
        }
    }

    /// What to say of the word that was taken last.
    fn wrong(&self, wanted: &str, found: &str) -> String {
        let at = (self.next - 1).min(self.words.len().saturating_sub(1));
        let line = self.words.get(at).map_or(1, |&(line, _)| line);
        format!("line {line}: expected {wanted}, found `{found}`")
    }

    fn statement(&mut self) -> Result<Statement, String> {
        let statement = match self.take() {
            "while" => {
                let condition = self.expression()?;
                self.expect("{")?;
                let mut inside = Vec::new();
                while self.peek() != "}" {
                    if self.peek().is_empty() {
                        self.expect("}")?;
                    }
                    inside.push(self.statement()?);
                }
                self.expect("}")?;
                return Ok(Statement::While(condition, inside));
            }
            "print" => Statement::Print(self.expression()?),
            "mem" => {
                self.expect("[")?;
                let index = self.expression()?;
                self.expect("]")?;
                self.expect("=")?;
                Statement::Store(index, self.expression()?)
            }
            name if is_name(name) => {
                self.expect("=")?;
                let value = self.expression()?;
                Statement::Set(self.variable(name), value)
            }
            other => return Err(self.wrong("a statement", other)),
        };
        self.expect(";")?;
        Ok(statement)
    }

    /// Sums and comparisons, from left to right.
    fn expression(&mut self) -> Result<Expression, String> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                "+" => Operator::Add,
                "-" => Operator::Subtract,
                "<" => Operator::Less,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Expression::Binary(operator, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Expression, String> {
        let mut left = self.value()?;
        while self.peek() == "*" {
            self.next += 1;
            let right = self.value()?;
            left = Expression::Binary(Operator::Multiply, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn value(&mut self) -> Result<Expression, String> {
        match self.take() {
            "mem" => {
                self.expect("[")?;
                let index = self.expression()?;
                self.expect("]")?;
                Ok(Expression::Load(Box::new(index)))
            }
            name if is_name(name) => Ok(Expression::Variable(self.variable(name))),
            word => match word.parse() {
                Ok(number) => Ok(Expression::Number(number)),
                Err(_) => Err(self.wrong("a value", word)),
            },
        }
    }

    fn variable(&mut self, name: &str) -> u32 {
        let known = self.variables.iter().position(|known| known == name);
        let number = known.unwrap_or_else(|| {
            self.variables.push(name.to_owned());
            self.variables.len() - 1
        });
        u32::try_from(number).expect("fewer variables than bytes in a file")
    }
}

fn is_name(word: &str) -> bool {
    let letters = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    letters && !matches!(word, "while" | "print" | "mem")
}
