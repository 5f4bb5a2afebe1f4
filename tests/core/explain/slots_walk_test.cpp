// Walks of a model with a bottleneck: what is opened of a slot, what is said, and where the numbers come from.

#include <QtTest>
#include <cmath>

#include "core/config/validation.h"
#include "core/explain/overview.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

int blockNamed(const Subject& s, const std::string& name) {
    const auto& blocks = s.model->attentionBlocks();
    return static_cast<int>(std::ranges::find(blocks, name, &AttentionBlock::name) - blocks.begin());
}

Walk walkOfSlot(const Subject& s, int slot, int layer = 0, int query = 3) {
    return walkOf(s, questionOf(s, blockNamed(s, "decoder." + std::to_string(layer) + ".cross_attention"), 0, query, slot));
}

double numberOf(const Subject& s, const std::string& tensor, int row, int column) {
    const Tensor& t = s.trace->at(tensor);
    return static_cast<double>(
        t.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(t.shape.back()) + static_cast<std::size_t>(column)]);
}

std::string wordsOf(const Stage& stage) {
    std::string words = stage.heading.english() + "\n" + stage.formula.english() + "\n" + stage.text.english();
    for (const Words& note : stage.notes) words += "\n" + note.english();
    for (const Grid& grid : stage.grids) words += "\n" + grid.title.english();
    return words;
}

bool says(const Walk& walk, const char* stage, const char* what) {
    const Stage* found = walk.find(stage);
    return found && wordsOf(*found).find(what) != std::string::npos;
}

/// An encoder-decoder on task copy, as an experiment makes it.
Subject copied(BottleneckConfig bottleneck) {
    Experiment e;
    e.task.kind = "copy";
    e.task.seq_len = 6;
    e.task.vocab_size = 8;
    e.model.architecture = Architecture::encoder_decoder;
    e.model.d_model = 12;
    e.model.num_layers = 2;
    e.model.num_heads = 2;
    e.model.bottleneck = std::move(bottleneck);
    return subjectOf(resolved(e).model);
}

std::vector<BottleneckConfig> ofTaskCopy() {
    return {{"fsq", {{"slots", 4}, {"levels", 5}}}, {"vq", {{"slots", 9}, {"codes", 4}, {"dim", 3}}}};
}

}  // namespace

class SlotsWalkTest : public QObject {
    Q_OBJECT

private slots:
    void everySlotsNumbersAreThoseOfTheTrace() {
        for (const NamedConfig& form : codedForms()) {
            const Subject s = subjectOf(form.config);
            const int width = form.config.bottleneck.shape().width, slotCount = form.config.bottleneck.shape().slotCount;
            for (int slot = 0; slot < slotCount; ++slot) {
                const Walk walk = walkOfSlot(s, slot);
                const auto result = [&](const char* stage, const char* grid, int row) {
                    return walk.find(stage)->find(grid)->at(row, masterColumn);
                };
                for (int r = 0; r < width; ++r) {
                    QCOMPARE(result("slot_numbers", "numbers", r), numberOf(s, "bottleneck.numbers", slot, r));
                    QCOMPARE(result("d_slot_memory", "sent", r), numberOf(s, "gradient.bottleneck.sent", slot, r));
                    const Grid& back = *walk.find("d_slot_code")->find("code");
                    QCOMPARE(back.at(back.rows - 1, r), numberOf(s, "gradient.bottleneck.numbers", slot, r));
                    const Grid& code = *walk.find("slot_code")->find("code");
                    QCOMPARE(code.at(code.rows - 1, r), numberOf(s, "bottleneck.sent", slot, r));
                }
                for (int c = 0; c < form.config.d_model; ++c) {
                    QCOMPARE(result("slot_output", "output", c), numberOf(s, "bottleneck.attention.output", slot, c));
                    QCOMPARE(result("slot_memory", "memory", c), numberOf(s, "bottleneck.memory", slot, c));
                    QCOMPARE(walk.find("input")->find("xkey")->at(0, c), numberOf(s, "bottleneck.memory", slot, c));
                    QCOMPARE(result("d_slot_numbers", "read", c), numberOf(s, "gradient.bottleneck.attention.output", slot, c));
                    const Grid& ways = *walk.find("d_memory")->find("ways");
                    QCOMPARE(ways.at(ways.rows - 1, c), numberOf(s, "gradient.bottleneck.memory", slot, c));
                }
                const CellRef cell = walk.find("slot_code")->result;
                QCOMPARE(walk.find("slot_code")->find(cell.grid)->at(cell.row, cell.column), numberOf(s, "bottleneck.codes", 0, slot));
                if (QTest::currentTestFailed()) return;
            }
        }
    }

    /// Slots are named as slots, tokens as tokens.
    void keysAreCalledSlots() {
        for (const BottleneckConfig& bottleneck : ofTaskCopy()) {
            const Subject s = copied(bottleneck);
            Question q = questionOf(s, blockNamed(s, "decoder.0.cross_attention"), 0, 2, 3);
            const int slotCount = s.model->config().bottleneck.shape().slotCount;
            for (int slot = 0; slot < slotCount; ++slot) q.slotNames.push_back("slot " + std::to_string(slot));
            q.keyTokens = q.slotNames;
            q.sourceTokens = {"a", "b", "c", "d", "e", "f"};
            const Walk walk = walkOf(s, q);
            const Grid& weights = *walk.find("weights")->find("weights");
            QCOMPARE(weights.columns, slotCount);
            const Grid& keys = walk.find("weights")->grids.front();
            QCOMPARE(keys.columnsAre.english(), std::string("slot j"));
            QCOMPARE(keys.columnTokens, q.slotNames);
            const Grid& read = walk.find("slot_read")->grids.front();
            QCOMPARE(read.columns, 6);
            QCOMPARE(read.columnTokens, q.sourceTokens);
            for (const char* stage : {"input", "project"}) QVERIFY2(!says(walk, stage, "encoder's rows m"), stage);
            QVERIFY(says(walk, "input", "slot 3") && says(walk, "project", "slots"));
            const Walk encoder = walkOf(s, questionOf(s, blockNamed(s, "encoder.1.attention"), 0, 2, 3));
            QVERIFY(says(encoder, "later", "slots of the bottleneck") && !says(encoder, "later", "reads this row through its cross"));
            QVERIFY(says(encoder, "d_memory", "slots") && encoder.find("d_read_keys") && !encoder.find("d_memory0_keys"));
            const Walk decoder = walkOf(s, questionOf(s, blockNamed(s, "decoder.0.attention"), 0, 2, 3));
            QVERIFY(says(decoder, "d_cross", "slots") && !decoder.find("slot_code"));
        }
    }

    /// Padding hides tokens from the slots that read, and no slot from the decoder.
    void paddingHidesTokensFromSlotsAlone() {
        for (const NamedConfig& form : codedForms()) {
            const Subject s = subjectOf(form.config, [](Input& input) {
                input.masked.assign(6, false);
                input.masked[1] = input.masked[3] = true;
            });
            const Walk walk = walkOfSlot(s, 3);
            const Grid &read = *walk.find("slot_read")->find("weights"), &weights = *walk.find("mix")->find("weights");
            for (int j = 0; j < read.columns; ++j) QCOMPARE(read.at(0, j) == 0.0, j == 1 || j == 3);
            QVERIFY(says(walk, "slot_project", "Padding") && !says(walk, "mask", "Padding"));
            for (int j = 0; j < weights.columns; ++j) QVERIFY2(weights.at(0, j) > 0.0, form.name.c_str());
        }
    }

    /// Straight-through: what comes back to the numbers that were sent goes on to the numbers from which the code was chosen.
    void theGradientGoesStraightThrough() {
        for (const NamedConfig& form : codedForms()) {
            const Subject s = subjectOf(form.config);
            const bool costs = form.config.bottleneck.shape().hasBook || form.config.bottleneck.usage > 0.0;
            const Walk walk = walkOfSlot(s, 2);
            const Grid& back = *walk.find("d_slot_code")->find("code");
            for (int r = 0; r < back.columns; ++r) {
                const double sent = numberOf(s, "gradient.bottleneck.sent", 2, r),
                             relaxed = numberOf(s, "gradient.bottleneck.relaxed", 2, r);
                if (!costs) QCOMPARE(sent, relaxed);
                QCOMPARE(back.at(0, r), sent);
                QCOMPARE(back.at(costs ? 2 : 1, r), relaxed);
            }
            QVERIFY(says(walk, "d_slot_code", "straight"));
        }
    }

    /// A number of the row that a decoder reads leads to the slot's code, and from there to the tokens that it read.
    void aSlotIsOpenedDownToTheTokens() {
        const Subject s = subjectOf(codedForms().front().config);
        const Walk walk = walkOfSlot(s, 1);
        const Operand row = walk.explain({"project", "k", 0, masterColumn}).terms.front().factors.front();
        const CellRef given = walk.explain(row.from).terms.front().factors.front().from;
        QCOMPARE(given, (CellRef{"slot_memory", "memory", 0, masterColumn}));
        const Expression memory = walk.explain(given);
        QCOMPARE(memory.terms.front().factors.front().from.stage, std::string("slot_code"));
        const Expression number = walk.explain({"slot_numbers", "numbers", 0, masterColumn});
        QCOMPARE(number.operation, Operation::sum);
        QCOMPARE(number.terms.size(), std::size_t{13});  // twelve channels and a bias
        QCOMPARE(number.terms.front().factors.front().from.stage, std::string("slot_output"));
        const Expression mixed = walk.explain({"slot_read", "mix", 0, masterColumn});
        QCOMPARE(mixed.terms.size(), std::size_t{6});
        const Expression row0 = walk.explain({"slot_project", "k_in", 0, 0});
        QCOMPARE(row0.terms.front().factors.front().from.block, blockNamed(s, "encoder.1.attention"));
    }

    /// Of all slots the encoder's row gets back what the trace has.
    void whatSlotsReadComesBackToTheEncoder() {
        for (const NamedConfig& form : codedForms()) {
            const Subject s = subjectOf(form.config);
            const std::string end = "encoder." + std::to_string(form.config.num_layers - 1);
            const Walk walk = walkOf(s, questionOf(s, blockNamed(s, end + ".attention"), 0, 3, 1));
            const Stage& memory = *walk.find("d_memory");
            const bool pre = isPreNorm(form.config);
            const Grid& grid = *memory.find(pre ? "norm" : "ways");
            for (int c = 0; c < form.config.d_model; ++c)
                QCOMPARE(grid.at(grid.rows - 1, c), numberOf(s, "gradient." + end + ".residual", 3, c));
            QCOMPARE(walk.find("d_read_keys")->find("sum")->columns, form.config.bottleneck.shape().slotCount);
        }
    }

    void theOverviewHasABoxBetweenEncoderAndDecoder() {
        for (const NamedConfig& form : codedForms()) {
            const Subject s = subjectOf(form.config);
            const auto overview = [&](const std::string& block, const char* stage) {
                return overviewOf(s.model, s.weights, NumberSource(s.trace), questionOf(s, blockNamed(s, block), 0, 1, 0), stage);
            };
            const Overview cross = overview("decoder.0.cross_attention", "slot_code");
            QCOMPARE(cross.current, std::string("encoder.code"));
            for (const char* id : {"encoder.slots", "encoder.code", "encoder.memory.m"}) QVERIFY2(cross.find(id)->leads(), id);
            QVERIFY(!cross.find("encoder.bottleneck"));
            QCOMPARE(overview("encoder.0.attention", "d_read_keys").current, std::string("encoder.slots"));
        }
        const NamedConfig plain = changed("plain", [](ModelConfig& c) {
            c.architecture = Architecture::encoder_decoder;
            c.num_decoder_layers = 1;
        });
        const Subject s = subjectOf(plain.config);
        const Overview overview = overviewOf(s.model, s.weights, NumberSource(s.trace), questionOf(s, 0, 0, 1, 0), "mix");
        const OverviewPart* part = overview.find("encoder.bottleneck");
        QVERIFY(part && !part->there);
        QCOMPARE(part->key, std::string("model.bottleneck.kind"));
    }
};

QTEST_APPLESS_MAIN(SlotsWalkTest)
#include "slots_walk_test.moc"
