#include "core/data/corpus_manifest.h"

#include <nlohmann/json.hpp>

#include "core/text/sha256.h"

namespace lab {
namespace {

using OrderedJson = nlohmann::ordered_json;

const char* sideName(TextSide side) {
    return side == TextSide::train ? "train" : side == TextSide::validation ? "validation" : "both";
}

OrderedJson settingsJson(const CorpusSettings& settings) {
    return {{"cleaning", CleaningRules(settings.cleaning).names()},
            {"documents", settings.documentsAreFiles ? "files" : "blank_lines"},
            {"split", settings.splitTail ? "tail" : "documents"},
            {"validation_share", settings.validationShare}};
}

OrderedJson splitJson(const Corpus& corpus) {
    return {{"by", corpus.splitTail ? "tail" : "documents"},
            {"train_bytes", corpus.train.size()},
            {"validation_bytes", corpus.validation.size()},
            {"repeated_runs_of_eight_words", corpus.repeated}};
}

}  // namespace

std::string corpusManifest(const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings) {
    OrderedJson json{{"format", "attention-lab/corpus"}, {"version", 1}};
    for (std::size_t file = 0; file < texts.size(); ++file)
        json["files"].push_back({{"name", texts[file].name},
                                 {"bytes", texts[file].bytes.size()},
                                 {"sha256", sha256Hex(texts[file].bytes)},
                                 {"encoding", corpus.latin1[file] ? "latin1" : "utf-8"}});
    json["raw_sha256"] = corpus.rawHash;
    json["clean_sha256"] = corpus.cleanHash;
    json["settings"] = settingsJson(settings);
    json["split"] = splitJson(corpus);
    OrderedJson& documents = json["documents"] = OrderedJson::array();
    for (const TextDocument& document : corpus.documents)
        documents.push_back({{"file", document.file},
                             {"begin", document.rawBegin},
                             {"end", document.rawEnd},
                             {"clean_bytes", document.size + document.tail},
                             {"side", sideName(document.side)}});
    return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string corpusReportJson(const Corpus& corpus, const CorpusSettings& settings, const TextStatistics& statistics) {
    OrderedJson json{{"raw_bytes", corpus.rawBytes},
                     {"raw_sha256", corpus.rawHash},
                     {"clean_sha256", corpus.cleanHash},
                     {"settings", settingsJson(settings)},
                     {"split", splitJson(corpus)},
                     {"counts",
                      {{"documents", statistics.documents},
                       {"characters", statistics.characters},
                       {"different_characters", statistics.differentCharacters},
                       {"words", statistics.words},
                       {"different_words", statistics.differentWords()},
                       {"words_fewer_than_ten_times", statistics.rareWords()},
                       {"share_of_ten_commonest_words", statistics.commonestShare()}}}};
    for (std::size_t rule = 0; rule < corpus.report.rows.size(); ++rule) {
        const CleaningCount& row = corpus.report.rows[rule];
        json["cleaning"].push_back(
            {{"rule", CleaningRule::table()[rule].name}, {"on", row.on}, {"places", row.places}, {"bytes", row.bytes}});
    }
    json["notes"] = OrderedJson::array();
    for (const Message& note : corpus.notes) json["notes"].push_back(note.english());
    return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace lab
