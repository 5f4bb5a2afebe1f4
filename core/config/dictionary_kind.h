#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// How a model is given the entries of a dictionary (task glossary).
enum class DictionaryKind { none, context, attended, standing };

struct DictionarySpec {
    std::string_view name;
    SourceText help;
    bool inFront = false;   ///< the entries stand before the text, in one sequence with it
    bool apart = false;     ///< an encoder reads them, entry by entry; the text is the decoder's
    bool lookedUp = false;  ///< of what the encoder made, a token reads the vector of the entry that it is the word of
};

template <>
struct EnumRows<DictionaryKind> {
    static constexpr std::array<DictionarySpec, 4> rows{
        {{"none", LAB_TEXT("fields", "not at all")},
         {"context", LAB_TEXT("fields", "its entries stand before the text, which makes a long input"), true},
         {"attended",
          LAB_TEXT("fields",
                   "an encoder reads each entry by itself, and the decoder's cross-attention looks at what it makes of them: keys and "
                   "values that can be kept"),
          false, true},
         {"standing",
          LAB_TEXT("fields",
                   "an encoder reads each entry by itself and leaves one vector of d_model numbers; a token of the text that is an "
                   "entry's word has that vector, any other zeros, beside what attention gives it, so that the feed-forward layer reads "
                   "2 d_model numbers; nothing attends to the entries"),
          false, true, true}}};
};

}  // namespace lab
