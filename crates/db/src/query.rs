//! A statement put together at run time from fixed pieces and bound values.
//! Not here: running it, see the `*_query` methods of `Tx`.

use std::fmt::Write as _;

use crate::value::{Param, Value};

/// A statement made of `&'static str` pieces and bound values only, so that no input can become SQL.
#[derive(Default)]
pub struct Query {
    sql: String,
    values: Vec<Box<dyn Param + Send + Sync>>,
}

impl Query {
    /// Starts with a piece of SQL.
    #[must_use]
    pub fn new(sql: &'static str) -> Self {
        Self {
            sql: sql.to_owned(),
            values: Vec::new(),
        }
    }

    /// Appends a piece of SQL as it is; mind the spaces.
    pub fn push(&mut self, sql: &'static str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends `$n` and binds the value to it.
    pub fn bind(&mut self, value: impl Param + Send + Sync + 'static) -> &mut Self {
        self.values.push(Box::new(value));
        write!(self.sql, "${}", self.values.len()).expect("a String takes every write");
        self
    }

    /// Binds the next value without writing its `$n`: for text that names it already.
    pub fn given(&mut self, value: impl Param + Send + Sync + 'static) -> &mut Self {
        self.values.push(Box::new(value));
        self
    }

    /// Appends `($n, $n+1, …)` for `in`. An empty list becomes `(null)`, which `in` never matches
    /// (neither does `not in`: leave the condition out in that case).
    pub fn bind_list<P: Param + Send + Sync + 'static>(&mut self, values: impl IntoIterator<Item = P>) -> &mut Self {
        let mut opening = "(";
        for value in values {
            self.sql.push_str(opening);
            self.bind(value);
            opening = ", ";
        }
        self.sql.push_str(if opening == "(" { "(null)" } else { ")" });
        self
    }

    /// The SQL so far.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    pub(crate) fn values(&self) -> Vec<Value<'_>> {
        self.values.iter().map(|value| value.value()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_values_in_order() {
        let mut query = Query::new("select 1 where a = ");
        query
            .bind(1_i64)
            .push(" and b in ")
            .bind_list([2_i64, 3])
            .push(" and c in ")
            .bind_list(Vec::<i64>::new());
        assert_eq!(query.sql(), "select 1 where a = $1 and b in ($2, $3) and c in (null)");
        assert_eq!(query.values(), [Value::Int(1), Value::Int(2), Value::Int(3)]);
    }
}
