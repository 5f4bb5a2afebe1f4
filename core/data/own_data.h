#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/errors.h"
#include "core/base/kind.h"
#include "core/config/architecture.h"
#include "core/data/own_table.h"
#include "core/data/own_tokens.h"

// What a person wants of a text or a table of their own, made into a pairs file (FORMATS.md 4).

namespace lab {

struct OwnPlan;

/// What stands for BOS and EOS until it is known which words are left for them; no token holds these.
inline constexpr char ownBegin = '\x02', ownEnd = '\x03';

/// One line of a person's table and what becomes of it.
struct OwnLine {
    const OwnTable& table;
    const OwnPlan& plan;
    int number = 1;                   ///< in the file
    std::vector<std::string> input;   ///< its tokens
    std::vector<std::string> answer;  ///< the second column's, where the use has one

    InputError problem(Message what) const;  ///< naming file and line
};

struct OwnPairs {
    std::string text;  ///< of the pairs file
    Architecture architecture = Architecture::encoder;
    int lines = 0;
    std::set<std::string, std::less<>> symbols;  ///< the different tokens
    std::set<std::string, std::less<>> classes;  ///< where each line has one
    int leftOut = 0;                             ///< texts of a single token, which nothing follows

    void add(std::string line);
};

struct OwnUse {
    std::string_view name;
    SourceText title;  ///< "Tag each token"
    SourceText help;
    SourceText watch;  ///< what to look at in a run of it
    SourceText inputTitle;
    SourceText answerTitle = {};  ///< of the second column; empty: there is none
    Architecture architecture = Architecture::encoder;
    bool cutsTexts = false;
    bool answersInTokens = false;  ///< the answer's tokens are of the input's kind; else they stand between blanks
    /// Throws problem().
    void (*make)(const OwnLine& line, OwnPairs& into) = nullptr;

    bool hasAnswer() const { return !answerTitle.empty(); }
    static std::span<const OwnUse* const> table();
};

struct OwnPlan {
    Kind<OwnUse> use;
    OwnTokens tokens = OwnTokens::blanks;
    std::size_t input = 0;   ///< column
    std::size_t answer = 1;  ///< column, where the use has one
    int piece = 32;          ///< most tokens of a line, where texts are cut

    bool operator==(const OwnPlan&) const = default;
};

/// The use, columns and tokens that a table is most likely meant for.
OwnPlan guessedPlan(const OwnTable& table);

/// Throws InputError naming file and line, the table's own problem first.
OwnPairs ownPairs(const OwnTable& table, const OwnPlan& plan);

}  // namespace lab
