#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/text/text_edits.h"

namespace lab {

/// A step of cleaning, on or off. The table is in the order in which they are applied; who has none of `inDocument` is applied by whoever
/// reads the files or gathers the documents (core/text/corpus.cpp).
struct CleaningRule {
    std::string_view name;
    SourceText title;
    SourceText example;  ///< "what it finds → what becomes of it"
    SourceText help;
    bool byDefault = false;
    void (*inDocument)(std::string_view text, TextRewriter& out) = nullptr;  ///< text: UTF-8

    static std::span<const CleaningRule> table();
    /// The place in the table; -1: there is none of this name.
    static int find(std::string_view name);
};

/// Names of the rules that are on by default, in order.
std::vector<std::string> defaultCleaning();

/// Which rules are on, by their place in the table.
class CleaningRules {
public:
    /// Throws InputError of `place` naming a rule that is none.
    explicit CleaningRules(const std::vector<std::string>& names, std::string_view place = "task.cleaning");

    bool isOn(std::size_t rule) const { return m_on[rule]; }
    bool isOn(std::string_view name) const { return m_on[static_cast<std::size_t>(CleaningRule::find(name))]; }
    /// In the order of the table, whatever order they were given in.
    std::vector<std::string> names() const;

private:
    std::vector<bool> m_on;
};

/// What a rule found.
struct CleaningCount {
    bool on = false;
    std::int64_t places = 0;
    std::int64_t bytes = 0;  ///< that stood at these places
};

/// A row a rule, as the table has them.
struct CleaningReport {
    std::vector<CleaningCount> rows = std::vector<CleaningCount>(CleaningRule::table().size());

    void add(std::string_view rule, std::int64_t places, std::int64_t bytes);
    std::int64_t places() const;
};

/// The document after all rules that work within one; counts into `report`, and notes the edits of `text` when there is room for them.
std::string cleanedDocument(std::string_view text, const CleaningRules& rules, CleaningReport& report,
                            std::vector<TextEdit>* edits = nullptr);

/// Where a long document may be parted so that its pieces, cleaned one by one, make what the whole makes: about a MB behind `begin`, before
/// a line with words or within one.
std::size_t cleaningPieceEnd(std::string_view text, std::size_t begin);

/// Latin-1 (ISO 8859-1) as UTF-8: each byte is the character of its number.
std::string fromLatin1(std::string_view bytes);

/// Where text stops being UTF-8; npos: nowhere.
std::size_t firstInvalidByte(std::string_view text);

}  // namespace lab
