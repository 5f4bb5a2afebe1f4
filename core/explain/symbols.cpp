#include "core/explain/symbols.h"

#include <algorithm>

#include "core/base/utf8.h"

namespace lab::explain {
namespace {

using enum SymbolRow::Where;

constexpr SymbolRow symbolRows[] = {
    {"x", LAB_TEXT("explain", "the row that a part of the model reads; where a function is defined, its number")},
    {"x\u2032", LAB_TEXT("explain", "the row that a norm puts out")},
    {"z", LAB_TEXT("explain", "the row before a norm; in pre-norm models the residual stream")},
    {"z\u2032", LAB_TEXT("explain", "the residual stream after a part has been added")},
    {"m",
     LAB_TEXT("explain", "the row that cross-attention reads: the encoder\u2019s, or what the decoder gets of a bottleneck\u2019s slot")},
    {"\u03C9", LAB_TEXT("explain", "the trained row with which a slot of a bottleneck asks")},
    {"r", LAB_TEXT("explain", "what a slot has read of the encoder\u2019s rows")},
    {"\u03B6", LAB_TEXT("explain", "a slot\u2019s numbers, from which its code is made")},
    {"\u03B6\u2032", LAB_TEXT("explain", "a slot\u2019s numbers as the choice of its code sees them")},
    {"c", LAB_TEXT("explain", "the code of a slot")},
    {"\u03C7", LAB_TEXT("explain", "the numbers of a code, which are sent on")},
    {"C", LAB_TEXT("explain", "the trained table of codes, a row each")},
    {"W_{r}", LAB_TEXT("explain", "the matrix that makes a slot\u2019s numbers of what it has read")},
    {"W_{m}", LAB_TEXT("explain", "the matrix that makes the decoder\u2019s row of a code\u2019s numbers")},
    {"q", LAB_TEXT("explain", "query: what a position asks for")},
    {"q*", LAB_TEXT("explain", "the query after its norm, before its rotation")},
    {"q\u2032", LAB_TEXT("explain", "the query as it meets the keys: after norm or rotation")},
    {"q\u0303", LAB_TEXT("explain",
                         "a query as it met the key, with the linear kernel times the slope of the feature map, with performer what its "
                         "features make of it, taken "
                         "back to the row of "
                         "the key")},
    {"k", LAB_TEXT("explain", "key: what a position is found by")},
    {"k*", LAB_TEXT("explain", "the key after its norm, before its rotation")},
    {"k\u2032", LAB_TEXT("explain", "the key as it meets the queries: after norm or rotation")},
    {"k\u0302", LAB_TEXT("explain",
                         "the key divided by its length: its direction alone. Kernel performer: divided by the fourth root of d_{h}, as it "
                         "meets the random matrix")},
    {"v", LAB_TEXT("explain", "value: what a position passes on")},
    {"u", LAB_TEXT("explain", "what W_{up} makes of a row, before the bend")},
    {"u_{W}", LAB_TEXT("explain", "what W makes of a row in a head that fills gaps, before the bend")},
    {"s", LAB_TEXT("explain", "score of a query with a key")},
    {"s\u2032", LAB_TEXT("explain", "score with what position adds to it")},
    {"s*", LAB_TEXT("explain", "score behind its cap")},
    {"s\u2033", LAB_TEXT("explain", "score as the head\u2019s span leaves it")},
    {"z_{h}", LAB_TEXT("explain", "a head\u2019s span: how many tokens it looks away before its weights fade")},
    {"m_{ij}", LAB_TEXT("explain", "what a head\u2019s span leaves of a weight, between 0 and 1")},
    {"u_{h}", LAB_TEXT("explain", "relative positions: a vector with which a head asks each key, the same for all queries")},
    {"u\u0303", LAB_TEXT("explain", "that vector, taken back through the norm of the row\u2019s key")},
    {"v_{h}", LAB_TEXT("explain", "relative positions: a vector with which a head asks each distance, the same for all queries")},
    {"\u03B4", LAB_TEXT("explain", "relative positions: the vector that W_{R} makes of a distance")},
    {"R", LAB_TEXT("explain", "relative positions: sines of a distance at all frequencies, then their cosines")},
    {"\u03C8", LAB_TEXT("explain", "a head\u2019s sink: a learned score of no key, which has no value")},
    {"e_{\u03C8}", LAB_TEXT("explain", "the sink\u2019s exponential in a row\u2019s sum")},
    {"a_{\u03C8}", LAB_TEXT("explain", "the share of a row that goes to the sink")},
    {"e", LAB_TEXT("explain", "exponential of a score less the row\u2019s largest")},
    {"a", LAB_TEXT("explain", "attention weight")},
    {"o", LAB_TEXT("explain", "a head\u2019s output: the weighted sum of values, behind its norm where there is one")},
    {"o\u0303", LAB_TEXT("explain", "kernels retention and gated-linear: a head\u2019s weighted sum of values, before its norm")},
    {"\u03BB", LAB_TEXT("explain", "kernels retention and gated-linear: what is left of a key at the query")},
    {"\u03B3_{h}", LAB_TEXT("explain", "kernel retention: what a head keeps with every place")},
    {"\u03B1", LAB_TEXT("explain",
                        "kernel gated-linear: the share that a token keeps of all before it. Of experts: the weight of their balance in "
                        "what training pays")},
    {"\u03B1\u2032", LAB_TEXT("explain", "kernel gated-linear: the slope of that share")},
    {"\u039B", LAB_TEXT("explain", "kernel gated-linear: what a head reads off a token\u2019s row, of which the share is made")},
    {"W_{\u03B1}", LAB_TEXT("explain", "kernel gated-linear: the matrix that reads the shares off rows, a row for each head")},
    {"o\u2032", LAB_TEXT("explain", "a head\u2019s output behind its gate")},
    {"G", LAB_TEXT("explain", "the gate behind the heads: for each of their numbers one between 0 and 1")},
    {"\u0393", LAB_TEXT("explain", "what W_{G} reads off a row: the gate before its bend")},
    {"W_{G}", LAB_TEXT("explain", "the matrix of the gate behind the heads")},
    {"y", LAB_TEXT("explain", "what attention or feed-forward adds to the stream")},
    {"f", LAB_TEXT("explain", "the feed-forward\u2019s hidden numbers, after the bend")},
    {"f\u2032", LAB_TEXT("explain", "the slope of the feed-forward\u2019s bend")},
    {"u_{g}", LAB_TEXT("explain", "the gate of a gated feed-forward, before its bend")},
    {"W_{E}", LAB_TEXT("explain", "the matrix of a router, a row an expert")},
    {"s_{E}", LAB_TEXT("explain", "a router\u2019s score of an expert")},
    {"p_{E}", LAB_TEXT("explain", "the probability that a router gives an expert")},
    {"g_{E}", LAB_TEXT("explain", "the gate of a chosen expert: what its output is multiplied by")},
    {"n_{E}", LAB_TEXT("explain", "how many experts there are")},
    {"f_{E}", LAB_TEXT("explain", "the share of a sequence\u2019s choices that are an expert")},
    {"P_{E}", LAB_TEXT("explain", "the mean of an expert\u2019s probability over a sequence\u2019s rows")},
    {"T", LAB_TEXT("explain", "how many rows a sequence has")},
    {"W_{H}", LAB_TEXT("explain", "the weights of a halting unit")},
    {"s_{H}", LAB_TEXT("explain", "what a halting unit reads off a row, before its bend")},
    {"h_{H}", LAB_TEXT("explain", "what a halting unit says of a row behind a step, between 0 and 1")},
    {"p_{H}", LAB_TEXT("explain", "the share of a step\u2019s state in the mean")},
    {"N_{H}", LAB_TEXT("explain", "how many steps a row takes")},
    {"R_{H}", LAB_TEXT("explain", "the share that is left for a row\u2019s last step")},
    {"\u03C4", LAB_TEXT("explain", "what a step costs in training")},
    {"h", LAB_TEXT("explain", "the row that the last matrix reads")},
    {"l", LAB_TEXT("explain", "logit: one number a class")},
    {"\u0177", LAB_TEXT("explain", "the answer of a model that answers numbers: one number an output")},
    {"p", LAB_TEXT("explain", "probability of a class")},
    {"t",
     LAB_TEXT(
         "explain",
         "the target: 1 at the right class, 0 elsewhere, unless labels are smoothed; of an answer that is a number, the right number")},
    {"th", LAB_TEXT("explain", "the hyperbolic tangent in gelu")},
    {"L", LAB_TEXT("explain", "the loss")},
    {"D", LAB_TEXT("explain", "how far the target\u2019s logit lies above the mean of all")},
    {"Z", LAB_TEXT("explain", "the sum of the exponentials of a position\u2019s logits")},
    {"\u03B5_{s}", LAB_TEXT("explain", "label smoothing: the share of the target that goes to all classes alike")},
    {"\u03B6_{z}", LAB_TEXT("explain", "the weight of the z-loss")},
    {"N", LAB_TEXT("explain", "how many positions count in the loss")},
    {"i", LAB_TEXT("explain", "position of the query")},
    {"j", LAB_TEXT("explain", "position of a key")},
    {"E", LAB_TEXT("explain", "table of tokens, a row each")},
    {"E_{class}", LAB_TEXT("explain", "the class token\u2019s trained row")},
    {"E_{segment}", LAB_TEXT("explain", "table of segments, a row each")},
    {"E_{sum}", LAB_TEXT("explain", "the sum of what is added up at a position")},
    {"E_{norm}", LAB_TEXT("explain", "that sum behind its norm")},
    {"W_{map}", LAB_TEXT("explain", "the matrix that brings embeddings to the width of the stream")},
    {"E_{in}", LAB_TEXT("explain", "the row that W_{in} makes of a vector")},
    {"W_{in}", LAB_TEXT("explain", "the matrix that reads the vectors of the input")},
    {"\u03BE", LAB_TEXT("explain", "a vector of the input: the numbers that stand at a position")},
    {"PE", LAB_TEXT("explain", "table of positions, a row each")},
    {"P", LAB_TEXT("explain", "KV+Pos: the encoding of a query\u2019s and a key\u2019s position, side by side")},
    {"w", LAB_TEXT("explain", "KV+Pos: the position map\u2019s weights")},
    {"g", LAB_TEXT("explain", "KV+Pos: what the map adds for a key\u2019s position, g(j)")},
    {"\u03C1", LAB_TEXT("explain", "KV+Pos: what the map adds for a query\u2019s position, the same for all its keys")},
    {"b", LAB_TEXT("explain", "bias: what a matrix or map adds")},
    {"b_{h}", LAB_TEXT("explain", "relative bias: what a head has learned for a bucket of distances")},
    {"n", LAB_TEXT("explain", "the number of a bucket of distances")},
    {"m_{h}", LAB_TEXT("explain", "ALiBi\u2019s slope of a head")},
    {"\u03B8", LAB_TEXT("explain", "RoPE\u2019s angle for one position, of a pair")},
    {"\u03BA", LAB_TEXT("explain", "RoPE\u2019s attention factor")},
    {"n_{0}", LAB_TEXT("explain", "the length that RoPE was trained at")},
    {"\u2220", LAB_TEXT("explain", "the angle of a vector in the plane of a pair")},
    {"\u03C6", LAB_TEXT("explain", "feature map of the kernels linear and performer")},
    {"\u03A9", LAB_TEXT("explain", "kernel performer: the random matrix, a row for each feature")},
    {"q\u0302", LAB_TEXT("explain", "kernel performer: the query as it meets the random matrix, divided by the fourth root of d_{h}")},
    {"\u03C4_{q}", LAB_TEXT("explain", "kernel performer: the exponents of a query\u2019s features")},
    {"\u03C4_{k}", LAB_TEXT("explain", "kernel performer: the exponents of a key\u2019s features")},
    {"M_{q}", LAB_TEXT("explain", "kernel performer: the largest exponent of a query")},
    {"M_{k}", LAB_TEXT("explain", "kernel performer: the largest exponent of the keys, with a causal mask of those up to a key")},
    {"\u0394", LAB_TEXT("explain", "kernel performer, causal: what brings a key\u2019s product to the scale of the query\u2019s place")},
    {"\u03C6\u2032", LAB_TEXT("explain", "the slope of the linear kernel\u2019s feature map")},
    {"d_{h}", LAB_TEXT("explain", "numbers of a head")},
    {"\u03BC", LAB_TEXT("explain", "mean of a row")},
    {"\u03C3", LAB_TEXT("explain", "standard deviation of a row")},
    {"\u03B5", LAB_TEXT("explain", "a tiny number against division by 0")},
    {"\u1E91", LAB_TEXT("explain", "a row as a norm divides it (LayerNorm shifts it first), before its gain")},
    {"\u03B3", LAB_TEXT("explain", "a norm\u2019s gain")},
    {"\u03B2", LAB_TEXT("explain", "a norm\u2019s shift")},
    {"\u03A6", LAB_TEXT("explain", "the chance that a normal number is below")},
    {"\u03A6\u2032", LAB_TEXT("explain", "the bell curve of the normal distribution")},
    {"\u03C0", LAB_TEXT("explain", "3.14159")},
    {"\u03A3", LAB_TEXT("explain", "sum")},
    {"\u2202", LAB_TEXT("explain", "how much the loss would grow for each unit that what follows grows")},
    {"W", LAB_TEXT("explain", "the output head\u2019s hidden matrix")},
    {"W_{Q}", LAB_TEXT("explain", "the matrix that makes queries")},
    {"W_{K}", LAB_TEXT("explain", "the matrix that makes keys")},
    {"W_{V}", LAB_TEXT("explain", "the matrix that makes values")},
    {"W_{Qg}", LAB_TEXT("explain", "the matrix that makes the first tokens\u2019 queries")},
    {"W_{Kg}", LAB_TEXT("explain", "the matrix that makes the keys which the first tokens\u2019 queries meet")},
    {"W_{Vg}", LAB_TEXT("explain", "the matrix that makes the values which the first tokens\u2019 queries read")},
    {"W_{\u2113}", LAB_TEXT("explain", "the matrix that makes what is kept of a token")},
    {"W_{R}",
     LAB_TEXT("explain",
              "form latent: the matrix that makes the part of the keys that all heads share; relative positions: the matrix that makes a "
              "vector of each distance")},
    {"\u2113", LAB_TEXT("explain", "what is kept of a token, of which keys and values are made")},
    {"W_{O}", LAB_TEXT("explain", "the matrix that mixes the heads\u2019 outputs")},
    {"W_{up}", LAB_TEXT("explain", "the feed-forward\u2019s first matrix")},
    {"W_{gate}", LAB_TEXT("explain", "the matrix of the gate")},
    {"W_{down}", LAB_TEXT("explain", "the feed-forward\u2019s second matrix")},
    {"W_{U}", LAB_TEXT("explain", "the matrix that makes logits")},
    {"W_{Q}", LAB_TEXT("explain", "the matrix that makes queries"), update},
    {"W_{K}", LAB_TEXT("explain", "the matrix that makes keys"), update},
    {"W_{Qg}", LAB_TEXT("explain", "the matrix that makes the first tokens\u2019 queries"), update},
    {"w", LAB_TEXT("explain", "the weight that is changed"), update},
    {"w\u2032", LAB_TEXT("explain", "the weight after the step"), update},
    {"\u2202", LAB_TEXT("explain", "how much the loss would grow for each unit that what follows grows"), update},
    {"g", LAB_TEXT("explain", "its gradient, clipped"), update},
    {"m", LAB_TEXT("explain", "running mean of the gradient"), update},
    {"m\u2032", LAB_TEXT("explain", "that mean with this gradient in it"), update},
    {"v", LAB_TEXT("explain", "running mean of the gradient\u2019s square"), update},
    {"v\u2032", LAB_TEXT("explain", "that mean with this gradient\u2019s square in it"), update},
    {"c", LAB_TEXT("explain", "Lion\u2019s mixture of mean and gradient"), update},
    {"R", LAB_TEXT("explain", "running mean of the squared gradients of a row"), update},
    {"R\u2032", LAB_TEXT("explain", "that mean with this gradient\u2019s row in it"), update},
    {"C", LAB_TEXT("explain", "running mean of the squared gradients of a column"), update},
    {"C\u2032", LAB_TEXT("explain", "that mean with this gradient\u2019s column in it"), update},
    {"u", LAB_TEXT("explain", "the gradient divided by the root of its mean square"), update},
    {"t", LAB_TEXT("explain", "how many steps the optimizer has done, this one included"), update},
    {"\u03B7", LAB_TEXT("explain", "learning rate"), update},
    {"\u03B2", LAB_TEXT("explain", "how much of the running means of squares stays at this step"), update},
    {"\u03B2_{1}", LAB_TEXT("explain", "how much of the running mean stays; Lion: its share in the mixture c"), update},
    {"\u03B2_{2}", LAB_TEXT("explain", "how much of the second running mean stays; Lion: of the mean m"), update},
    {"\u03B5", LAB_TEXT("explain", "a tiny number against division by 0"), update},
    {"\u03BB", LAB_TEXT("explain", "weight decay"), update},
    {"\u03BC", LAB_TEXT("explain", "momentum: how much of the gathered gradient stays"), update},
};

/// Of the character at the front; what is none counts as one byte.
std::size_t bytesOf(std::string_view text) {
    return std::max<std::size_t>(1, utf8CharacterLength(text));
}

bool isLatin(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isMark(std::string_view of) {
    return of == "\u2032" || of == "\u2033" || of == "*" || of == "\u0302" || of == "\u0303" || of == "\u0302";
}

/// Greek, \u0177, \u1E91, \u2202 and \u2220: the letters of formulas that are not Latin.
bool isOtherLetter(std::string_view of) {
    return (of >= "\u0391" && of <= "\u03C9") || of == "\u0177" || of == "\u1E91" || of == "\u2202" || of == "\u2220";
}

/// The end of what stands in braces from `at` on ("_{...}"), `at` itself where there is none.
std::size_t endOfBraces(std::string_view text, std::size_t at, std::string_view marks = "_") {
    if (at + 1 >= text.size() || marks.find(text[at]) == std::string_view::npos || text[at + 1] != '{') return at;
    const std::size_t end = text.find('}', at);
    return end == std::string_view::npos ? at : end + 1;
}

const SymbolRow* exactRow(std::string_view symbol, SymbolRow::Where where) {
    const auto found = std::ranges::find_if(symbolRows, [&](const SymbolRow& row) { return row.symbol == symbol && row.where == where; });
    return found == std::end(symbolRows) ? nullptr : &*found;
}

}  // namespace

std::span<const SymbolRow> symbolTable() {
    return symbolRows;
}

const SymbolRow* symbolRow(std::string_view written, SymbolRow::Where where) {
    const std::size_t brace = written.find("_{");
    const std::string_view base = written.substr(0, brace);
    if (brace != std::string_view::npos) {
        const std::string_view inside = written.substr(brace + 2, written.size() - brace - 3);
        const std::string name = std::string(base) + "_{" + std::string(inside.substr(0, inside.find_first_of(" ,"))) + "}";
        if (const SymbolRow* row = exactRow(name, where)) return row;
    }
    return exactRow(base, where);
}

std::vector<std::string_view> lettersOf(std::string_view formula) {
    std::vector<std::string_view> letters;
    for (std::size_t at = 0; at < formula.size();) {
        std::size_t end = at + bytesOf(formula.substr(at)), characters = 1;
        const std::string_view first = formula.substr(at, end - at);
        if (!isLatin(first[0]) && !isOtherLetter(first)) {
            at = std::max(end, endOfBraces(formula, at, "_^"));
            continue;
        }
        while (isLatin(first[0]) && end < formula.size() && isLatin(formula[end])) ++end, ++characters;
        while (end < formula.size() && isMark(formula.substr(end, bytesOf(formula.substr(end))))) end += bytesOf(formula.substr(end));
        end = endOfBraces(formula, end);
        const std::string_view letter = formula.substr(at, end - at);
        const bool symbol = characters == 1 || letter == "th" || letter.starts_with("PE");
        if (symbol && std::ranges::find(letters, letter) == letters.end()) letters.push_back(letter);
        at = end;
    }
    return letters;
}

std::vector<const SymbolRow*> symbolsOf(const Stage& stage) {
    std::vector<const SymbolRow*> known;
    const std::string formula = stage.formula.english();
    for (const std::string_view letter : lettersOf(formula)) {
        const SymbolRow* row = symbolRow(letter, stage.id == "update" ? update : walk);
        if (row && std::ranges::find(known, row) == known.end()) known.push_back(row);
    }
    return known;
}

}  // namespace lab::explain
