//! The few kinds of value both engines keep, how Rust types bind to them and are read back.
//! Not here: statements and rows.

use std::borrow::Cow;
use std::error::Error as StdError;

use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use rusqlite::types::{ToSqlOutput, ValueRef};
use uuid::Uuid;

/// One value, borrowed from a parameter or from a row.
///
/// SQLite keeps a `Bool` as the integer 0 or 1 and a `Uuid` as its 16 bytes; PostgreSQL has types for both.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// SQL `null`.
    Null,
    /// `bigint`.
    Int(i64),
    /// `double precision`.
    Float(f64),
    /// `boolean`.
    Bool(bool),
    /// `text`.
    Text(&'a str),
    /// `bytea` or `blob`.
    Bytes(&'a [u8]),
    /// `uuid`.
    Uuid(Uuid),
}

impl Value<'_> {
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Bool(_) => "a boolean",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "a uuid",
        }
    }
}

/// A value that can be bound to `$n`. A newtype implements it by handing out the value inside.
pub trait Param {
    /// The value to bind.
    fn value(&self) -> Value<'_>;
}

/// A type that can be read from a column. A newtype implements it by way of the type inside.
pub trait Column: Sized {
    /// Reads the value; the error says what was found instead.
    fn from_value(value: Value<'_>) -> Result<Self, String>;
}

macro_rules! plain {
    ($($kind:ty => $variant:ident),*) => {$(
        impl Param for $kind {
            fn value(&self) -> Value<'_> { Value::$variant(*self) }
        }
    )*};
}
plain!(i64 => Int, f64 => Float, bool => Bool, Uuid => Uuid);

impl Param for str {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Param for String {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Param for Cow<'_, str> {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Param for [u8] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Param for Vec<u8> {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<const N: usize> Param for [u8; N] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<P: Param + ?Sized> Param for &P {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<P: Param> Param for Option<P> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Param::value)
    }
}

fn unexpected<T>(wanted: &str, found: Value<'_>) -> Result<T, String> {
    Err(format!("{wanted} was asked for, {} was found", found.kind()))
}

impl Column for i64 {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Int(number) => Ok(number),
            other => unexpected("an integer", other),
        }
    }
}

impl Column for f64 {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Float(number) => Ok(number),
            other => unexpected("a float", other),
        }
    }
}

impl Column for bool {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::Int(number @ (0 | 1)) => Ok(number == 1),
            other => unexpected("a boolean", other),
        }
    }
}

impl Column for String {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.to_owned()),
            other => unexpected("text", other),
        }
    }
}

impl Column for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.to_vec()),
            other => unexpected("bytes", other),
        }
    }
}

impl<const N: usize> Column for [u8; N] {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => bytes
                .try_into()
                .map_err(|_| format!("{N} bytes were asked for, {} were found", bytes.len())),
            other => unexpected("bytes", other),
        }
    }
}

impl Column for Uuid {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Uuid(id) => Ok(id),
            Value::Bytes(bytes) => {
                Self::from_slice(bytes).map_err(|_| format!("a uuid was asked for, {} bytes were found", bytes.len()))
            }
            other => unexpected("a uuid", other),
        }
    }
}

impl<C: Column> Column for Option<C> {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            other => C::from_value(other).map(Some),
        }
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Float(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Self::Bool(flag) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*flag))),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Uuid(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
        })
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Self::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Self::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(ty, out),
            (Self::Float(number), &Type::FLOAT8) => number.to_sql(ty, out),
            (Self::Bool(flag), &Type::BOOL) => flag.to_sql(ty, out),
            (Self::Text(text), &(Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)) => {
                text.to_sql(ty, out)
            }
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (Self::Uuid(id), &Type::UUID) => id.to_sql(ty, out),
            (given, ty) => Err(format!(
                "the statement wants {ty}, {} is bound; write cast($n as …) or bind another type",
                given.kind()
            )
            .into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Value::Float(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Value::Float(f32::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                Value::Text(<&str>::from_sql(ty, raw)?)
            }
            Type::BYTEA => Value::Bytes(raw),
            Type::UUID => Value::Uuid(Uuid::from_sql(ty, raw)?),
            Type::VOID => Value::Null,
            _ => {
                return Err(format!(
                    "it has type {ty}, which only one engine has; write cast(… as bigint) or another common type"
                )
                .into());
            }
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
