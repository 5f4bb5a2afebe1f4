#include "core/data/data_print.h"

#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/data/loaded_task.h"
#include "core/data/picture_dataset.h"
#include "core/data/text_dataset.h"
#include "core/text/sha256.h"

namespace lab {
namespace {

using Json = nlohmann::json;

const std::string dataKey = "attention_lab.data";
const std::string datasetKey = "attention_lab.dataset";

std::string textPrint(const Experiment& experiment, const CorpusDataset& data) {
    const Corpus& corpus = data.corpus();
    return Json{{"name", experiment.task.path},
                {"raw_sha256", corpus.rawHash},
                {"clean_sha256", corpus.cleanHash},
                {"tokenizer_sha256", sha256Hex(data.tokenizer().kept().pipeline)},
                {"bytes", corpus.train.size() + corpus.validation.size()},
                {"documents", corpus.documents.size()},
                {"split", nameOf(experiment.task.text.split)},
                {"train_tokens", data.train().size()},
                {"validation_tokens", data.validation().size()}}
        .dump();
}

Json notedDataset(const std::map<std::string, std::string>& metadata) {
    const auto noted = metadata.find(datasetKey);
    const Json json = noted == metadata.end() ? Json() : Json::parse(noted->second, nullptr, false);
    return json.is_object() ? json : Json::object();
}

std::string textOf(const Json& json, const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
}

Message textDifference(const std::map<std::string, std::string>& metadata, const CorpusDataset& data) {
    const Json then = notedDataset(metadata);
    const std::string clean = textOf(then, "clean_sha256");
    if (clean.empty() || clean == data.corpus().cleanHash) return {};
    const std::int64_t bytesThen = then.contains("bytes") && then["bytes"].is_number_integer() ? then["bytes"].get<std::int64_t>() : 0;
    return Message(LAB_TEXT("data", "the text is no longer the one it was trained on: it had %1 bytes, now it has %2, and they differ"))
        .arg(bytesThen)
        .arg(data.corpus().train.size() + data.corpus().validation.size());
}

/// FNV-1a (Fowler, Noll, Vo), 64 bits.
class Hash {
public:
    void add(const std::vector<std::uint8_t>& bytes) {
        for (const std::uint8_t byte : bytes) m_value = (m_value ^ byte) * prime;
    }
    void add(const std::vector<int>& numbers) {
        for (const int number : numbers) addWord(static_cast<std::uint32_t>(number));
        addWord(0x80000000u);  // no token: where a column ends
    }
    std::string text() const {
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(m_value));
        return text;
    }

private:
    void addWord(std::uint32_t word) {
        for (int byte = 0; byte < 4; ++byte) m_value = (m_value ^ (word >> (8 * byte) & 0xFFu)) * prime;
    }
    static constexpr std::uint64_t prime = 0x100000001B3u;
    std::uint64_t m_value = 0xCBF29CE484222325u;
};

/// The lines that serve for validation stand behind the others: where the one file is cut does not matter.
std::string printOf(const Dataset& data) {
    Hash hash;
    const auto add = [&hash](const Sample& sample) {
        for (const auto* column : {&sample.tokens, &sample.targetTokens, &sample.targets}) hash.add(*column);
    };
    for (int i = 0; i < data.trainSize(); ++i) add(data.trainSample(i));
    for (int i = 0; i < data.validationSize(); ++i) add(data.validationSample(i));
    return "{\"lines\": " + std::to_string(data.trainSize() + data.validationSize()) + ", \"hash\": \"" + hash.text() + "\"}";
}

/// The same of pictures: bytes and labels.
std::string printOf(const PictureDataset& data) {
    Hash hash;
    for (const PictureSource* part : {&data.train(), &data.validation()})
        for (int i = 0; i < part->count(); ++i) {
            hash.add(part->picture(i));
            hash.add(std::vector{part->labelOf(i)});
        }
    return "{\"lines\": " + std::to_string(data.trainSize() + data.validationSize()) + ", \"hash\": \"" + hash.text() + "\"}";
}

std::string printOfFiles(const Dataset& data) {
    const auto* pictures = dynamic_cast<const PictureDataset*>(&data);
    return pictures ? printOf(*pictures) : printOf(data);
}

/// Of a print; -1 when it is none.
int linesOf(const std::string& print) {
    int lines = -1;
    return std::sscanf(print.c_str(), "{\"lines\": %d,", &lines) == 1 ? lines : -1;
}

}  // namespace

void notePrint(std::map<std::string, std::string>& metadata, const LoadedTask& task) {
    if (const auto* text = dynamic_cast<const CorpusDataset*>(task.dataset.get()))
        metadata[datasetKey] = textPrint(task.experiment, *text);
    else if (task.experiment.task.kind->readsFiles())
        metadata[dataKey] = printOfFiles(*task.dataset);
}

TextHashes notedText(const std::map<std::string, std::string>& metadata) {
    const Json noted = notedDataset(metadata);
    return {textOf(noted, "raw_sha256"), textOf(noted, "clean_sha256")};
}

Message dataDifference(const std::map<std::string, std::string>& metadata, const LoadedTask& task) {
    if (const auto* text = dynamic_cast<const CorpusDataset*>(task.dataset.get())) return textDifference(metadata, *text);
    const auto noted = metadata.find(dataKey);
    if (noted == metadata.end() || linesOf(noted->second) < 0 || !task.experiment.task.kind->readsFiles()) return {};
    const std::string now = printOfFiles(*task.dataset);
    const int linesThen = linesOf(noted->second), linesNow = linesOf(now);
    if (noted->second == now) return {};
    if (linesThen == linesNow)
        return task.dataset->pictures()
                   ? LAB_TEXT("data", "the data are no longer those it was trained on: as many pictures, but not the same")
                   : LAB_TEXT("data", "the data are no longer those it was trained on: as many lines, but not the same");
    const SourceText sizes = task.dataset->pictures()
                                 ? LAB_TEXT("data", "the data are no longer those it was trained on: %1 pictures then, %2 now")
                                 : LAB_TEXT("data", "the data are no longer those it was trained on: %1 lines then, %2 now");
    return Message(sizes).arg(linesThen).arg(linesNow);
}

}  // namespace lab
