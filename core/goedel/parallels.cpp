#include "core/goedel/parallels.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/number_text.h"
#include "core/goedel/goedel_number.h"
#include "core/goedel/sizes.h"

namespace lab::goedel {
namespace {

using Rows = std::vector<std::pair<Message, Message>>;

/// Numbers of longer sequences are not worked out beside a sentence.
constexpr double mostShownBits = 4000, mostFlippedBits = 600;

Message rounded(double value) {
    return Message::verbatim(numberText(std::round(value * 100) / 100));
}

/// The logarithm of a number to base 10 or its digits, as there is room for.
Message shownNumber(const Natural& number) {
    return Message::verbatim(groupedDigits(number.toDecimal(), 60, 15));
}

bool isShort(const Symbols& symbols) {
    return bitsOf(factorsOf(symbols)) <= mostShownBits;
}

Rows numberRows(const Symbols& symbols, int) {
    if (!isShort(symbols)) return {};
    const Natural number = goedelNumber(symbols);
    return {{LAB_TEXT("goedel", "the sequence's number"), shownNumber(number)},
            {LAB_TEXT("goedel", "its digits"), Message::verbatim(std::to_string(number.digits()))}};
}

Rows logarithmRows(const Symbols& symbols, int) {
    return {{LAB_TEXT("goedel", "ln G = Σ (s + 1) ln p"), rounded(bitsOf(factorsOf(symbols)) * std::log(2.0))}};
}

Rows orderRows(const Symbols& symbols, int) {
    if (!isShort(symbols) || symbols.empty()) return {};
    const Symbols reversed(symbols.rbegin(), symbols.rend());
    std::size_t sum = 0;
    for (const int symbol : symbols) sum += static_cast<std::size_t>(symbol) + 1;
    return {{LAB_TEXT("goedel", "the sequence's number"), shownNumber(goedelNumber(symbols))},
            {LAB_TEXT("goedel", "that of the sequence backwards"), shownNumber(goedelNumber(reversed))},
            {LAB_TEXT("goedel", "of both, with the prime 2 for every position"), Message::verbatim("2^" + std::to_string(sum))}};
}

/// One symbol more or less by 1, the last.
Rows neighbourRows(const Symbols& symbols, int alphabetSize) {
    if (!isShort(symbols) || symbols.empty() || alphabetSize < 2) return {};
    Symbols other = symbols;
    const bool up = other.back() + 1 < alphabetSize;
    other.back() += up ? 1 : -1;
    const Factor last = factorsOf(symbols).back();
    return {{LAB_TEXT("goedel", "the sequence's number"), shownNumber(goedelNumber(symbols))},
            {LAB_TEXT("goedel", "with the last symbol changed by one"), shownNumber(goedelNumber(other))},
            {LAB_TEXT("goedel", "which is so many times as large"), Message::verbatim((up ? "" : "1/") + std::to_string(last.prime))}};
}

Rows nextNumberRows(const Symbols& symbols, int alphabetSize) {
    if (!isShort(symbols) || symbols.empty()) return {};
    const Decoded decoded = decode(goedelNumber(symbols) + Natural(1), alphabetSize);
    return {{LAB_TEXT("goedel", "the number and 1, decoded"),
             decoded.fault ? decoded.fault->sentence : Message(LAB_TEXT("goedel", "another sequence"))}};
}

Rows sizeRows(const Symbols& symbols, int alphabetSize) {
    if (!isShort(symbols) || symbols.empty()) return {};
    const Sizes sizes = sizesOf(symbols, alphabetSize);
    Rows rows = {{LAB_TEXT("goedel", "bits of the Gödel number"), Message::verbatim(std::to_string(sizes.goedelWhole))},
                 {LAB_TEXT("goedel", "bits in mixed radix"), Message::verbatim(std::to_string(sizes.mixedBits))},
                 {LAB_TEXT("goedel", "information"), rounded(sizes.information)}};
    return rows;
}

/// The number with one binary digit turned over.
Natural flipped(const Natural& number, std::size_t bit) {
    const Natural power = Natural::power(2, bit);
    const bool isSet = number.dividedBy(power).modulo(2) == 1;
    return isSet ? Natural::distance(number, power) : number + power;
}

Rows flipRows(const Symbols& symbols, int alphabetSize) {
    if (symbols.empty() || bitsOf(factorsOf(symbols)) > mostFlippedBits) return {};
    const Natural number = goedelNumber(symbols);
    int unnoticed = 0;
    for (std::size_t bit = 0; bit < number.bits(); ++bit) unnoticed += isSequenceNumber(flipped(number, bit), alphabetSize);
    return {{LAB_TEXT("goedel", "ways to turn one binary digit of it over"), Message::verbatim(std::to_string(number.bits()))},
            {LAB_TEXT("goedel", "of these give the number of another sequence"), Message::verbatim(std::to_string(unnoticed))}};
}

Rows divisionRows(const Symbols& symbols, int) {
    std::size_t divisions = 1;  // the prime that does not divide
    for (const int symbol : symbols) divisions += static_cast<std::size_t>(symbol) + 2;
    return {{LAB_TEXT("goedel", "divisions that read the whole sequence"), Message::verbatim(std::to_string(divisions))}};
}

Rows meanRows(const Symbols&, int) {
    return {{LAB_TEXT("goedel", "equal weights on the values 1 and 3"), rounded((1.0 + 3.0) / 2)},
            {LAB_TEXT("goedel", "equal weights on the values 2 and 2"), rounded((2.0 + 2.0) / 2)},
            {LAB_TEXT("goedel", "numbers of these two sequences"),
             listed(std::vector<std::string>{goedelNumber({1, 3}).toDecimal(), goedelNumber({2, 2}).toDecimal()})}};
}

constexpr auto parallel = ParallelKind::parallel, divergence = ParallelKind::divergence, speculation = ParallelKind::speculation;
constexpr auto isTrue = Judgement::isTrue, halfTrue = Judgement::halfTrue, isFalse = Judgement::isFalse;

constexpr std::array<Parallel, 19> rows = {{
    {"symbols-to-numbers", parallel,
     LAB_TEXT("goedel", "Gödel numbering and embeddings both turn symbols into numbers, to compute with them."), isTrue,
     LAB_TEXT(
         "goedel",
         "Both do. Gödel's is one whole number for a whole sequence, made to be read back; an embedding is a vector for each token, made "
         "to be compared and mixed."),
     numberRows},
    {"weighted-sum", parallel, LAB_TEXT("goedel", "The logarithm of a Gödel number is a weighted sum, like what attention puts out."),
     halfTrue,
     LAB_TEXT(
         "goedel",
         "It is a weighted sum, but the weight ln p of a position is the same for every sequence. Attention computes its weights from the "
         "tokens themselves, and sums vectors."),
     logarithmRows},
    {"order", parallel, LAB_TEXT("goedel", "In both, something that belongs to the position keeps the order of the symbols."), isTrue,
     LAB_TEXT(
         "goedel",
         "Here it is the prime of the position, there what encodes positions, or a mask. Take it away and the order is lost in both: with "
         "one "
         "prime for all only the sum of the exponents is left, and in attention a token's result is the same in whatever order the others "
         "stand."),
     orderRows},
    {"recoverable", parallel, LAB_TEXT("goedel", "Both give every sequence a representation from which it can be recovered."), halfTrue,
     LAB_TEXT(
         "goedel",
         "Of Gödel numbers this is a theorem: factors are unique. Of a weighted sum it is not true in general: different values may have "
         "the same sum. What a trained model keeps of its input has to be measured."),
     meanRows},
    {"similar", parallel, LAB_TEXT("goedel", "Similar sequences get similar numbers, as similar words get similar embeddings."), isFalse,
     LAB_TEXT(
         "goedel",
         "Nothing in the numbering knows of similarity. The last symbol changed by one makes the number larger or smaller by the factor "
         "of its prime; the order of the alphabet is an accident."),
     neighbourRows},
    {"self-reference", parallel, LAB_TEXT("goedel", "Self-attention is self-reference in Gödel's sense."), isFalse,
     LAB_TEXT(
         "goedel",
         "The words are alike, no more. In self-attention queries, keys and values come from the same sequence. A Gödel sentence speaks of "
         "a formula by its number, and that number is its own.")},

    {"exact", divergence, LAB_TEXT("goedel", "Attention may be off by a little and still be of use; a Gödel number may not be off by 1."),
     isTrue,
     LAB_TEXT(
         "goedel",
         "Every sequence that is not empty has an even number, so the numbers beside it are odd and of no sequence at all (but for 1, that "
         "of the empty one). Attention is computed in rounded numbers, and small errors stay small as a rule."),
     nextNumberRows},
    {"learned", divergence, LAB_TEXT("goedel", "A Gödel numbering is laid down once; what attention does is learned from data."), isTrue,
     LAB_TEXT("goedel",
              "Any numbering that can be computed and undone by a procedure would do for Gödel's proof; nothing is adapted to anything. "
              "The matrices of "
              "queries, keys and values come from training, and other data give other ones.")},
    {"length", divergence, LAB_TEXT("goedel", "Gödel numbers take sequences of any length, attention only those that fit its window."),
     halfTrue,
     LAB_TEXT(
         "goedel",
         "The numbering has no limit, but a longer sequence takes ever more digits for each symbol, and any memory is full at some length. "
         "Attention's formula has no limit either; a window comes from memory, from tables of positions and from the lengths that were "
         "trained on."),
     sizeRows},
    {"incompleteness", divergence,
     LAB_TEXT("goedel", "By Gödel's theorem there are truths that people can see and no neural network can find."), isFalse,
     LAB_TEXT(
         "goedel",
         "The theorem is about what follows from the axioms of a formal system. A network derives nothing from axioms, and its errors have "
         "other reasons. That people are free of such limits was argued (Lucas 1961, Penrose 1989) and does not follow from the theorem.")},
    {"computable", divergence, LAB_TEXT("goedel", "Since proofs are numbers, a computer can tell whether a sentence is provable."), isFalse,
     LAB_TEXT(
         "goedel",
         "Whether a given number is a proof of it: yes, where a procedure knows the axioms. Whether there is one: for consistent systems "
         "with enough arithmetic no procedure tells it for every sentence. Numbers make the question exact, not easy.")},

    {"proof-search", speculation, LAB_TEXT("goedel", "Attention can guide the search for proofs."), isTrue,
     LAB_TEXT("goedel",
              "It does: transformers propose and rank steps, which a proof checker then tries (GPT-f for Metamath, 2020, was an early "
              "one). What "
              "is found counts because the checker accepts it, not because the network proposed it.")},
    {"beyond-proof", speculation, LAB_TEXT("goedel", "With a good enough guide, sentences without a proof will be proved."), isFalse,
     LAB_TEXT("goedel",
              "A guide changes which numbers are tried first, not which of them are proofs. Another system with more axioms may prove the "
              "sentence; when it is consistent and a procedure lists its axioms, it has sentences of its own that it neither proves nor "
              "refutes.")},
    {"storage", speculation, LAB_TEXT("goedel", "One number instead of a text is compact storage."), isFalse,
     LAB_TEXT(
         "goedel",
         "Over all sequences of a length, a product of prime powers is on average longer than what it encodes, by a factor that grows with "
         "the length. Σ s K^i is one number too and as short as numbers get when all sequences of a length are equally likely."),
     sizeRows},
    {"compression", speculation, LAB_TEXT("goedel", "A language model can store texts in fewer bits than a code that knows no language."),
     isTrue,
     LAB_TEXT(
         "goedel",
         "With arithmetic coding a text takes about Σ -log2 p bits, p being the probabilities that the model gives its tokens, and comes "
         "back "
         "exactly. These are fewer for texts like those it was trained on; the model itself is not counted, and both ends need it and have "
         "to compute the same, to the last bit.")},
    {"transmission", speculation, LAB_TEXT("goedel", "Sent as a Gödel number, a text is safe from errors of transmission."), halfTrue,
     LAB_TEXT("goedel",
              "Most wrong numbers are numbers of no sequence, so an error is nearly always noticed, but for the shortest sequences. "
              "Division does "
              "not put it right, though: numbers near by have to be tried. And the number is as a rule much longer than the text has to "
              "be; codes "
              "made for it correct errors with a few more bits."),
     flipRows},
    {"cryptography", speculation, LAB_TEXT("goedel", "Factoring is hard, so a Gödel number is a text in cipher."), isFalse,
     LAB_TEXT("goedel",
              "What is held to be hard is finding two large primes from their product, as in RSA. Here the primes are 2, 3, 5 and so on, "
              "division "
              "finds them at once, and there is no key: who knows the numbering reads everything."),
     divisionRows},
    {"learned-code", speculation,
     LAB_TEXT("goedel", "A network can learn to give every sequence a number of its own, and to read it back."), halfTrue,
     LAB_TEXT(
         "goedel",
         "For sequences of bounded length it is possible when there are enough codes, and a trained one can be right for most. That it is "
         "right for all is shown by trying all of them, as a rule; for Gödel's numbering it is proved, for every length.")},
    {"understanding", speculation, LAB_TEXT("goedel", "Numbers of sequences explain how a transformer works inside."), isFalse,
     LAB_TEXT(
         "goedel",
         "No step of a transformer multiplies primes or factors a number. That both code sequences by numbers is an analogy; no theorem "
         "is known to the writers of this page that joins the two.")},
}};

}  // namespace

SourceText judgementText(Judgement judgement) {
    switch (judgement) {
        case Judgement::isTrue:
            return LAB_TEXT("goedel", "true");
        case Judgement::halfTrue:
            return LAB_TEXT("goedel", "half true");
        case Judgement::isFalse:
            break;
    }
    return LAB_TEXT("goedel", "false");
}

SourceText parallelKindText(ParallelKind kind) {
    switch (kind) {
        case ParallelKind::parallel:
            return LAB_TEXT("goedel", "Parallels");
        case ParallelKind::divergence:
            return LAB_TEXT("goedel", "Divergences");
        case ParallelKind::speculation:
            break;
    }
    return LAB_TEXT("goedel", "Speculations");
}

std::span<const Parallel> parallels() {
    return rows;
}

const Parallel* findParallel(std::string_view id) {
    const auto found = std::ranges::find(rows, id, &Parallel::id);
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace lab::goedel
