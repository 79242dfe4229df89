//! Calendar dates as they travel: text `YYYY-MM-DD`, checked, compared as text.

/// Whether `text` is a real date written `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn only_real_dates_in_full_form() {
        assert!(is_date("2024-02-29"));
        for wrong in [
            "2023-02-29",
            "2023-2-01",
            "20230201",
            "2023-02-01T00:00:00Z",
            "",
            "yesterday",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
