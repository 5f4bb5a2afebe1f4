// Sequences as whole numbers: Gödel's, and mixed radix.

#include <algorithm>

#include "core/goedel/goedel_json.h"
#include "core/goedel/sizes.h"
#include "server/routes/number_body.h"
#include "server/routes/tables.h"

namespace lab::server {
namespace {

using Kind = Parameter::Kind;
using goedel::Alphabet;

constexpr double longestText = 1 << 18, mostWords = 1 << 16;
constexpr std::size_t longestWord = 64;  ///< bytes: a sequence may say it as often as there may be symbols

Response alphabets(Call&) {
    static const Response response = [] {
        Json json;
        for (const goedel::AlphabetRow* row : goedel::alphabetRows())
            json["alphabets"].push_back({{"name", row->id},
                                         {"title", Message(row->title).english()},
                                         {"help", Message(row->help).english()},
                                         {"symbols", std::vector<std::string>(row->symbols.begin(), row->symbols.end())},
                                         {"example", row->example}});
        return jsonResponse(json);
    }();
    return response;
}

std::vector<Parameter> alphabetKeys() {
    std::vector<std::string> names;
    for (const goedel::AlphabetRow* row : goedel::alphabetRows()) names.emplace_back(row->id);
    return {
        {.name = "alphabet", .help = LAB_TEXT("server", "what the symbols are; digits when not given"), .choices = names},
        {.name = "words",
         .kind = Kind::texts,
         .help = LAB_TEXT("server", "in its place: the first is symbol 0; words of a sequence are parted by blanks"),
         .limits = {1, mostWords}},
    };
}

Alphabet alphabetOf(const Values& body) {
    if (body.has("alphabet") && body.has("words"))
        throw Refusal(422, LAB_TEXT("server", "give one of alphabet and words"), {{"/words", "or alphabet"}});
    if (!body.has("words")) {
        const bool given = body.has("alphabet");
        return (given ? goedel::findAlphabet(body.text("alphabet")) : goedel::alphabetRows().front())->alphabet();
    }
    auto words = body.at("words").get<std::vector<std::string>>();
    const auto longWord = std::ranges::find_if(words, [](const std::string& word) { return word.size() > longestWord; });
    if (longWord != words.end())
        throw wrong("/words/" + std::to_string(longWord - words.begin()),
                    Message(LAB_TEXT("server", "has %1 bytes; at most %2 are taken here")).arg(longWord->size()).arg(longestWord));
    return about("words", [&] { return Alphabet::ofWords("words", Message::verbatim("words"), std::move(words)); });
}

Response encode(Call& call) {
    const Alphabet alphabet = alphabetOf(call.body);
    TimeLimit limit;
    return about("text", [&] {
        const goedel::Symbols symbols = alphabet.read(call.body.text("text"));
        const auto cancelled = [&limit] { return limit.reached(); };
        return jsonResponse(goedel::encodedJson(alphabet, symbols, goedel::goedelNumber(symbols, cancelled), cancelled));
    });
}

Response decodeMixedRadix(const Values& body, const Alphabet& alphabet, const goedel::Natural& number) {
    if (!body.has("length")) throw wrong("/length", LAB_TEXT("server", "must be given: symbols 0 at the end leave no trace in the number"));
    const auto length = static_cast<std::size_t>(body.integer("length"));
    const auto end = goedel::Natural::power(static_cast<std::uint64_t>(alphabet.size()), length);
    if (number >= end) throw wrong("/number", Message(LAB_TEXT("server", "is of a longer sequence than %1 symbols")).arg(length));
    const goedel::Symbols symbols = goedel::fromMixedRadix(number, alphabet.size(), length);
    return jsonResponse(
        {{"number", number.toDecimal()}, {"alphabet", alphabet.id()}, {"symbols", symbols}, {"text", alphabet.write(symbols)}});
}

Response decode(Call& call) {
    const Alphabet alphabet = alphabetOf(call.body);
    const goedel::Natural number = numberOf(call.body);
    if (call.body.text("coder") == "mixed_radix") return decodeMixedRadix(call.body, alphabet, number);
    if (call.body.has("length")) throw wrong("/length", LAB_TEXT("server", "is about the coder mixed_radix"));
    TimeLimit limit;
    return about("number", [&] {
        const goedel::Decoded decoded = goedel::decode(number, alphabet.size(), [&limit] { return limit.reached(); });
        if (decoded.fault) throw InputError(decoded.fault->sentence);
        return jsonResponse(goedel::decodedJson(alphabet, decoded, number));
    });
}

std::vector<Parameter> encodeKeys() {
    std::vector<Parameter> keys = alphabetKeys();
    keys.push_back({.name = "text",
                    .help = LAB_TEXT("server", "the sequence, as its alphabet is written; #12 is symbol 12 of each"),
                    .limits = {0, longestText},
                    .required = true});
    return keys;
}

std::vector<Parameter> decodeKeys() {
    std::vector<Parameter> keys = alphabetKeys();
    keys.push_back(numberKey());
    keys.push_back({.name = "coder", .choices = {"goedel", "mixed_radix"}, .standard = "goedel"});
    keys.push_back({.name = "length",
                    .kind = Kind::integer,
                    .help = LAB_TEXT("server", "of the sequence, for the coder mixed_radix"),
                    .limits = {0, static_cast<double>(goedel::mostSymbols)}});
    return keys;
}

}  // namespace

std::vector<Route> codeRoutes() {
    return {
        {.name = "codes",
         .method = "GET",
         .path = "/api/v1/codes",
         .summary = LAB_TEXT("server", "The alphabets of sequences that have a Gödel number."),
         .handle = alphabets},
        {.name = "codes.encode",
         .method = "POST",
         .path = "/api/v1/codes:encode",
         .summary = LAB_TEXT("server", "The Gödel number of a sequence with its factors, and its number in mixed radix."),
         .handle = encode,
         .body = Route::Body::json,
         .keys = encodeKeys(),
         .slow = true},
        {.name = "codes.decode",
         .method = "POST",
         .path = "/api/v1/codes:decode",
         .summary = LAB_TEXT("server", "The sequence of a number, or why it is the number of none."),
         .handle = decode,
         .body = Route::Body::json,
         .keys = decodeKeys(),
         .slow = true},
    };
}

}  // namespace lab::server
