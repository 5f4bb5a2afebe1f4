#pragma once

#include <cstddef>
#include <string_view>

namespace lab {

/// A regular expression by which families of models cut text, as a scanner that knows it by its text: which alternatives there are.
struct Splitter {
    std::string_view pattern;       ///< as tokenizer.json has it
    bool anyCase = false;           ///< 'S as 's
    bool anyBeforeLetters = false;  ///< one character that is no letter, number or line end joins the letters behind it; else a space alone
    int mostDigits = 0;             ///< of a piece; 0: a run of numbers of any length, with a space before it
    bool lineEnds = false;          ///< those behind other signs belong to them, and a run of blanks ends with its last one

    /// Where the piece that begins at `from` ends; at least one character further.
    std::size_t end(std::u32string_view text, std::size_t from) const;
};

/// GPT-2's (Radford 2019), which ByteLevel means by "use_regex".
const Splitter& gpt2Splitter();
/// Of Llama 3, up to three digits a piece, and of Qwen 2, one.
const Splitter& llama3Splitter();
const Splitter& qwen2Splitter();
/// Null when the pattern is not known.
const Splitter* findSplitter(std::string_view pattern);

}  // namespace lab
