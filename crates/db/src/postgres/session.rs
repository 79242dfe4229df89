//! One PostgreSQL connection with its prepared statements.
//! Not here: when a transaction begins, ends or is repeated.

use std::collections::HashMap;

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use postgres::{Client, Statement};

use super::{Purpose, Target, doom};
use crate::tx::{Class, Doom};
use crate::value::Value;
use crate::{Error, Row};

/// Composed statements come in many lengths; beyond this many all are forgotten.
const STATEMENTS: usize = 512;

pub(crate) struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Session {
    pub(crate) fn connect(target: &Target, purpose: Purpose) -> Result<Self, Doom> {
        Ok(Self {
            client: target.connect(purpose)?,
            statements: HashMap::new(),
        })
    }

    /// Runs statements without parameters and without an answer.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Doom> {
        self.client.batch_execute(sql).map_err(|error| doom(&error, sql))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(crate) fn forget_statements(&mut self) {
        self.statements.clear();
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Doom> {
        let statement = self.statement(sql, values)?;
        self.client
            .execute(&statement, &borrowed(values))
            .map_err(|error| doom(&error, sql))
    }

    /// Fetches the whole answer, then visits it.
    pub(crate) fn visit(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> bool,
    ) -> Result<(), Doom> {
        let statement = self.statement(sql, values)?;
        let rows = self
            .client
            .query(&statement, &borrowed(values))
            .map_err(|error| doom(&error, sql))?;
        for row in &rows {
            if !visit(&Row::postgres(row)) {
                break;
            }
        }
        Ok(())
    }

    /// Visits rows as they arrive.
    pub(crate) fn stream(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> bool,
    ) -> Result<(), Doom> {
        let statement = self.statement(sql, values)?;
        let mut rows = self
            .client
            .query_raw(&statement, values)
            .map_err(|error| doom(&error, sql))?;
        while let Some(row) = rows.next().map_err(|error| doom(&error, sql))? {
            if !visit(&Row::postgres(&row)) {
                break;
            }
        }
        Ok(())
    }

    fn statement(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Statement, Doom> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.client.prepare(sql).map_err(|error| doom(&error, sql))?;
                if self.statements.len() >= STATEMENTS {
                    self.statements.clear();
                }
                self.statements.insert(sql.to_owned(), statement.clone());
                statement
            }
        };
        let count = statement.params().len();
        if count == values.len() {
            return Ok(statement);
        }
        let error = Error::Parameters(format!(
            "the statement has {count} parameters, {} values were given in: {sql}",
            values.len()
        ));
        Err(Doom {
            class: Class::Final,
            error,
        })
    }
}

fn borrowed<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
