#include "core/learn/search_words.h"

#include <algorithm>

namespace lab {
namespace {

SearchWords english() {
    return {"en",
            {"ization", "isation", "ations", "ation", "ings", "ing", "ions", "ion", "ies", "ers", "es", "ed", "er", "ly", "s", "e", "y"},
            {"a",     "an",   "and", "are",   "as",   "at",    "be",   "by",   "can", "do",   "does", "for",  "from", "has",  "have",
             "how",   "i",    "if",  "in",    "into", "is",    "it",   "its",  "me",  "my",   "of",   "on",   "one",  "or",   "so",
             "such",  "that", "the", "their", "then", "there", "they", "this", "to",  "us",   "was",  "we",   "what", "when", "where",
             "which", "who",  "why", "will",  "with", "you",   "your", "need", "get", "gets", "make", "made", "use",  "used"},
            {{"token", "word", "subword", "piece", "wordpiece", "chunk"},
             {"length", "context", "window", "long", "size", "book", "document"},
             {"embedding", "vector", "representation", "latent"},
             {"similar", "similarity", "alike", "likeness", "closeness", "score", "dot", "related", "unrelated"},
             {"learn", "train", "optimise", "optimize", "optimisation", "optimization", "fit"},
             {"position", "place", "order", "location"},
             {"decode", "generate", "generation", "write"},
             {"feedforward", "mlp", "ffn", "dense", "connected"},
             {"group", "gqa", "share"},
             {"rotate", "rotation", "rope", "rotary", "phase", "turn"},
             {"memory", "hopfield", "remember", "store"},
             {"gradient", "backpropagate", "backpropagation", "backprop", "backward", "descent"},
             {"sum", "add", "mix", "average", "combine", "blend"},
             {"matrix", "matrices", "table"},
             {"opposite", "negative", "reverse", "cancel", "minus", "below"},
             {"maximum", "max", "largest", "best", "highest"},
             {"weight", "percentage", "percent", "proportion"},
             {"output", "result", "return", "produce", "receive"},
             {"sequence", "sentence", "list"},
             {"query", "q"},
             {"key", "k"},
             {"value", "v"},
             {"code", "implement", "implementation", "pytorch", "torch", "program"},
             {"name", "term", "terminology", "called"},
             {"net", "network", "neural"},
             {"layer", "block", "sublayer"}}};
}

SearchWords german() {
    return {"de",
            {"ungen", "ierung", "ieren", "iert", "ung", "en", "er", "es", "em", "et", "te", "e", "n", "s", "t"},
            {"aber",   "als",    "am",     "an",         "auch",   "auf",    "aus",     "bei",     "beim",  "bin",      "braucht", "bringt",
             "da",     "damit",  "dann",   "das",        "dass",   "dem",    "den",     "der",     "des",   "die",      "dies",    "diese",
             "diesem", "diesen", "dieser", "doch",       "du",     "durch",  "ein",     "eine",    "einem", "einen",    "einer",   "eines",
             "er",     "es",     "etwas",  "f\u00FCr",   "gibt",   "haben",  "hat",     "ich",     "ihr",   "im",       "in",      "ins",
             "ist",    "kann",   "lassen", "macht",      "machen", "man",    "mein",    "mir",     "mit",   "nach",     "nicht",   "noch",
             "nur",    "ob",     "oder",   "sich",       "sie",    "sind",   "so",      "soll",    "und",   "uns",      "von",     "vom",
             "vor",    "wann",   "war",    "warum",      "was",    "welche", "welcher", "welches", "wenn",  "wer",      "werden",  "wie",
             "wieso",  "wird",   "wo",     "wof\u00FCr", "woher",  "wozu",   "zu",      "zum",     "zur",   "\u00FCber"},
            {{"token", "wort", "w\u00F6rter", "teilwort", "wortst\u00FCck", "st\u00FCck"},
             {"l\u00E4nge", "kontext", "lang", "l\u00E4nger", "gr\u00F6\u00DFe", "dokument"},
             {"embedding", "einbettung", "vektor", "darstellung", "latent"},
             {"\u00E4hnlich", "\u00E4hnlichkeit", "score", "skalarprodukt", "verwandt"},
             {"lernen", "gelernt", "training", "trainieren", "optimierung", "optimieren", "anpassen"},
             {"position", "stelle", "ort", "reihenfolge", "ordnung"},
             {"decodieren", "dekodieren", "generieren", "erzeugen", "schreiben"},
             {"feedforward", "mlp", "ffn", "vollverbunden"},
             {"gruppe", "gqa", "teilen"},
             {"drehung", "drehen", "rotation", "rope", "phase"},
             {"ged\u00E4chtnis", "speicher", "hopfield", "merken", "speichern"},
             {"gradient", "backpropagation", "r\u00FCckw\u00E4rts", "abstieg"},
             {"summe", "addieren", "mischen", "mittel", "mittelwert", "durchschnitt"},
             {"matrix", "matrizen", "tabelle"},
             {"gegenteil", "entgegengesetzt", "negativ", "umkehren", "minus", "ausl\u00F6schen"},
             {"maximum", "max", "gr\u00F6\u00DFte", "beste", "h\u00F6chste"},
             {"gewicht", "prozent", "anteil"},
             {"ausgabe", "ergebnis", "liefern"},
             {"sequenz", "folge", "satz", "liste"},
             {"query", "anfrage", "q"},
             {"key", "schl\u00FCssel", "k"},
             {"value", "wert", "v"},
             {"code", "programm", "implementieren", "pytorch", "torch"},
             {"name", "begriff", "hei\u00DFt", "genannt"},
             {"netz", "netzwerk", "neuronal"},
             {"aufmerksamkeit", "attention"},
             {"kopf", "k\u00F6pfe", "head", "heads"},
             {"schicht", "block", "layer"}}};
}

}  // namespace

const SearchWords& searchWords(std::string_view language) {
    static const std::vector<SearchWords> all = {english(), german()};
    const auto found = std::ranges::find(all, language, &SearchWords::language);
    return found == all.end() ? all.front() : *found;
}

}  // namespace lab
