#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/enum_names.h"
#include "core/base/message.h"

// How running text becomes what a model is trained and validated on. Members bear the names of the JSON keys (task.*).

namespace lab {

enum class DocumentCut { blank_lines, files };

struct DocumentCutSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<DocumentCut> {
    static constexpr std::array<DocumentCutSpec, 2> rows{
        {{"blank_lines", LAB_TEXT("fields", "blank lines part documents")}, {"files", LAB_TEXT("fields", "each file is a document")}}};
};

enum class TextSplit { documents, tail };

struct TextSplitSpec {
    std::string_view name;
    SourceText help;
};

template <>
struct EnumRows<TextSplit> {
    static constexpr std::array<TextSplitSpec, 2> rows{
        {{"documents", LAB_TEXT("fields",
                                "whole documents, chosen by a hash of each, so that appended text moves none (fewer than 20 documents: as "
                                "tail)")},
         {"tail", LAB_TEXT("fields", "the end of the text")}}};
};

/// What cuts text into tokens; anything else is the path of a tokenizer.json.
constexpr std::string_view characterTokens = "characters", byteTokens = "bytes", bpeTokens = "bpe";

struct TextConfig {
    DocumentCut documents = DocumentCut::blank_lines;
    std::optional<std::vector<std::string>> cleaning;  ///< names of the rules that are on (core/text/cleaning.h); absent: the usual ones
    TextSplit split = TextSplit::documents;
    double validation_share = 0.1;
    std::string tokenizer{characterTokens};
    int pieces = 512;       ///< of bpe
    std::string sentences;  ///< of task sentences: relative to the experiment file; empty: those that are built in
};

}  // namespace lab
