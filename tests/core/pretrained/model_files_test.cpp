#include <QtTest>

#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "core/data/loaded_task.h"
#include "core/data/sentences_dataset.h"
#include "core/io/checkpoint.h"
#include "core/pretrained/model_files.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/base/input_error.h"
#include "tests/core/pretrained/pretrained_cases.h"

using namespace lab;
using namespace lab::testing;
using OrderedJson = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    explicit Folder(const std::string& name) : m_name(name) { copyCase(name, path()); }
    fs::path path() const { return fs::path(m_folder.path().toStdString()) / m_name; }
    fs::path operator/(const char* file) const { return path() / file; }
    void setKey(const char* key, const OrderedJson& value) const {
        OrderedJson config = OrderedJson::parse(readFile(*this / "config.json"));
        config[key] = value;
        writeText(*this / "config.json", config.dump());
    }
    QString refusal() const {
        return QString::fromStdString(lab::messageOf([&] { openPretrained(path()); }));
    }
    PretrainedModel open() const { return openPretrained(path()); }

private:
    QTemporaryDir m_folder;
    std::string m_name;
};

/// The tensors in two files and an index.
void cutInShards(const Folder& folder) {
    const TensorFile whole = readSafetensors(folder / "model.safetensors");
    NamedTensors parts[2];
    OrderedJson index{{"metadata", {{"total_size", 1}}}, {"weight_map", OrderedJson::object()}};
    int i = 0;
    for (const auto& [name, tensor] : whole.tensors.entries()) {
        const int part = i++ % 2;
        parts[part].set(name, tensor);
        index["weight_map"][name] = "part-" + std::to_string(part) + ".safetensors";
    }
    for (int part : {0, 1}) writeSafetensors(folder.path() / ("part-" + std::to_string(part) + ".safetensors"), parts[part]);
    writeText(folder / "model.safetensors.index.json", index.dump());
    fs::remove(folder / "model.safetensors");
}

/// Changes the index's text.
void changeIndex(const Folder& folder, const std::string& from, const std::string& to) {
    std::string text = readFile(folder / "model.safetensors.index.json");
    text.replace(text.find(from), from.size(), to);
    writeText(folder / "model.safetensors.index.json", text);
}

}  // namespace

class ModelFilesTest : public QObject {
    Q_OBJECT

private slots:
    void shardsAreOneModel() {
        const Folder folder("gpt2");
        const PretrainedModel whole = folder.open();
        cutInShards(folder);
        QVERIFY(folder.open().weights == whole.weights);
    }

    void anIndexThatLeadsElsewhereIsRefused() {
        for (const char* name : {"../part-0.safetensors", "/etc/passwd", "..", "a\\\\b"}) {
            const Folder folder("gpt2");
            cutInShards(folder);
            changeIndex(folder, "part-0.safetensors", name);
            QVERIFY(folder.refusal().contains("no plain name"));
        }
        const Folder folder("gpt2");
        cutInShards(folder);
        changeIndex(folder, "transformer.h.0.attn.c_attn.bias", "transformer.h.0.attn.c_attn.bia");
        QVERIFY(folder.refusal().contains("is not in the index"));
        fs::remove(folder / "part-1.safetensors");
        QVERIFY(folder.refusal().contains("part-1.safetensors") || folder.refusal().contains("is not in the index"));
    }

    void olderTokenizersAreRead() {
        const Folder bert("bert-mlm");
        OrderedJson json = OrderedJson::parse(readFile(bert / "tokenizer.json"));
        std::vector<std::string> pieces(json["model"]["vocab"].size());
        for (const auto& [piece, id] : json["model"]["vocab"].items()) pieces[id.get<std::size_t>()] = piece;
        std::string lines;
        for (const std::string& piece : pieces) lines += piece + "\n";
        const PretrainedModel whole = bert.open();
        fs::remove(bert / "tokenizer.json");
        writeText(bert / "vocab.txt", lines);
        const PretrainedModel old = bert.open();
        QVERIFY(old.special == whole.special);
        const char* text = "Mira lost the [MASK], naïve!";
        QCOMPARE(framedSentence(*tokenizerOf(old.experiment, old.tokenizer), text),
                 framedSentence(*tokenizerOf(whole.experiment, whole.tokenizer), text));

        const Folder roberta("roberta");
        json = OrderedJson::parse(readFile(roberta / "tokenizer.json"));
        std::string merges = "#version: 0.2\n";
        for (const auto& merge : json["model"]["merges"]) merges += merge[0].get<std::string>() + " " + merge[1].get<std::string>() + "\n";
        const PretrainedModel now = roberta.open();
        fs::remove(roberta / "tokenizer.json");
        fs::rename(roberta / "tokenizer_config.json", roberta / "special_tokens_map.json");
        writeText(roberta / "vocab.json", json["model"]["vocab"].dump());
        writeText(roberta / "merges.txt", merges);
        const PretrainedModel before = roberta.open();
        QCOMPARE(framedSentence(*tokenizerOf(before.experiment, before.tokenizer), "The quiet owl.\tdoesn't"),
                 framedSentence(*tokenizerOf(now.experiment, now.tokenizer), "The quiet owl.\tdoesn't"));
    }

    void whatCannotBeOpenedSaysTheWayOut() {
        const auto refusal = [](const fs::path& path) { return QString::fromStdString(lab::messageOf([&] { openPretrained(path); })); };
        QVERIFY(refusal("bert-base/uncased").contains("never fetched"));
        QVERIFY(refusal("/nowhere/at/all").contains("no such file or folder"));
        const Folder pickle("bert-bare");
        fs::remove(pickle / "model.safetensors");
        writeText(pickle / "pytorch_model.bin", "PK a pickle");
        QVERIFY(pickle.refusal().contains("safe_serialization"));
        QVERIFY(refusal(pickle / "pytorch_model.bin").contains("is a pickle"));
        const QTemporaryDir empty;
        QVERIFY(refusal(empty.path().toStdString()).contains("neither a config.json nor a .gguf"));
    }

    void whatDoesNotFitIsNamed() {
        const auto refusal = [](const char* name, const char* key, const OrderedJson& value) {
            const Folder folder(name);
            folder.setKey(key, value);
            return folder.refusal();
        };
        QVERIFY(refusal("gpt2", "vocab_size", 519).contains("520"));
        QVERIFY(refusal("gpt2", "vocab_size", 521).contains("wte.weight has shape [520, 64]"));
        QVERIFY(refusal("gpt2", "n_layer", 2).contains("h.2."));
        QVERIFY(refusal("gpt2", "n_layer", 4).contains("is missing"));
        QVERIFY(refusal("gpt2", "n_embd", 1 << 23).contains("ask for"));
        QVERIFY(refusal("gpt2", "n_head", 5).contains("model.num_heads"));
        QVERIFY(refusal("gpt2", "model_type", "gpt5").contains("gpt5 is a family"));
        QVERIFY(refusal("gpt2", "activation_function", "mish").contains("activation_function: \"mish\""));
        QVERIFY(refusal("gpt2", "scale_attn_by_inverse_layer_idx", true).contains("scale_attn_by_inverse_layer_idx"));
        QVERIFY(refusal("llama-gqa", "rope_scaling", {{"rope_type", "spiral"}, {"factor", 2}}).contains("rope_scaling.rope_type"));
        QVERIFY(refusal("llama-gqa", "attention_bias", true).contains("q_proj.bias is missing"));
        QVERIFY(refusal("bert-mlm", "is_decoder", true).contains("is_decoder"));
        QVERIFY(refusal("bert-mlm", "hidden_size", "64").contains("hidden_size"));
        QVERIFY(refusal("qwen2", "quantization_config", {{"bits", 4}}).contains("quantised"));
    }

    void claimsAreRefusedWithoutMemory() {
        const Folder folder("gpt2");
        std::string header = R"({"wte.weight":{"dtype":"F32","shape":[1000000000,1000],"data_offsets":[0,4000000000000]}})";
        header.resize(120, ' ');
        std::string length(8, '\0');
        length[0] = 120;
        writeText(folder / "model.safetensors", length + header);
        QVERIFY(folder.refusal().contains("its data ends at"));
        length[6] = '\x7f';
        writeText(folder / "model.safetensors", length + header);
        QVERIFY(folder.refusal().contains("its header would be"));
        const std::string whole = readFile(pretrainedFolder / "gpt2" / "model.safetensors");
        writeText(folder / "model.safetensors", std::string_view(whole).substr(0, 1000));  // half a header
        QVERIFY(folder.refusal().contains("its header would be"));
    }

    /// GPT-2's masks, as old files keep them.
    void masksOfTruthValuesAreLeftAside() {
        const Folder folder("gpt2");
        const std::string whole = readFile(folder / "model.safetensors");
        std::uint64_t length = 0;
        for (int i = 7; i >= 0; --i) length = length << 8 | static_cast<unsigned char>(whole[static_cast<std::size_t>(i)]);
        auto header = OrderedJson::parse(whole.substr(8, length));
        const std::string data = whole.substr(8 + length);
        header["transformer.h.0.attn.bias"] = {
            {"dtype", "BOOL"}, {"shape", {1, 1, 4, 4}}, {"data_offsets", {data.size(), data.size() + 16}}};
        const std::string text = header.dump();
        std::string bytes(8, '\0');
        for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(text.size() >> (8 * i) & 255);
        writeText(folder / "model.safetensors", bytes + text + data + std::string(16, '\1'));
        const PretrainedModel opened = folder.open();
        QVERIFY(opened.weights == openPretrained(pretrainedFolder / "gpt2").weights);
        QVERIFY(opened.notes.size() == 1 && opened.notes.front().english().find("attn.bias") != std::string::npos);
    }

    void whatIsLeftAsideIsSaid() {
        const PretrainedModel bare = openPretrained(pretrainedFolder / "bert-bare");
        QVERIFY(std::ranges::any_of(bare.notes,
                                    [](const Message& note) { return note.english().find("pooler.dense.weight") != std::string::npos; }));
        QVERIFY(openPretrained(pretrainedFolder / "gpt2").notes.empty());
    }

    void specialTokensAreKnown() {
        const SpecialIds bert = openPretrained(pretrainedFolder / "bert-mlm").special;
        QCOMPARE(bert.cls, std::optional(2));
        QCOMPARE(bert.sep, std::optional(3));
        QCOMPARE(bert.mask, std::optional(4));
        QCOMPARE(bert.pad, std::optional(0));
        const SpecialIds gpt2 = openPretrained(pretrainedFolder / "gpt2").special;
        QCOMPARE(gpt2.bos, std::optional(0));
        QCOMPARE(gpt2.eos, std::vector<int>{0});
    }

    void aWatchEndsTheOpening() {
        double last = 0;
        openPretrained(pretrainedFolder / "gpt2", [&](double share) { return last = share, true; });
        QCOMPARE(last, 1.0);
        QVERIFY(!lab::messageOf([] { openPretrained(pretrainedFolder / "gpt2", [](double share) { return share < 0.5; }); }).empty());
    }

    void itIsARunOfSentencesAndOpensAgain() {
        const QTemporaryDir folder;
        for (const std::string& name : pretrainedCases()) {
            const PretrainedModel opened = openPretrained(pretrainedFolder / name);
            const LoadedTask task = loadSavedTask(opened.experiment, opened.tokenizer, {});
            QVERIFY(task.dataset->trainSize() > 3);
            const Sample sample = task.dataset->trainSample(0);
            const bool writes = opened.experiment.model.architecture == Architecture::decoder;
            QCOMPARE(sample.targets.front(), writes ? sample.tokens[1] : -1);
            QCOMPARE(sample.targets.back(), -1);
            const fs::path path = fs::path(folder.path().toStdString()) / (name + ".safetensors");
            writeCheckpoint(path, task.experiment, task.dataset->tokenizer().kept(), opened.model->layout(), opened.weights);
            const CheckpointFile again = readCheckpoint(path);
            QVERIFY(!looksPretrained(path));
            const Model model(again.experiment.model);
            QVERIFY(weightsOf(again, model.layout()) == opened.weights);
            const LoadedTask reopened = loadSavedTask(again.experiment, again.tokenizer, {});
            QCOMPARE(reopened.dataset->trainSample(0).tokens, sample.tokens);
        }
    }
};

QTEST_APPLESS_MAIN(ModelFilesTest)
#include "model_files_test.moc"
