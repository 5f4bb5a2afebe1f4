#include "core/model/block_keys.h"

#include <QTest>

#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

AttentionBlock blockOf(const char* side, bool cross, int slotCount = 0) {
    AttentionBlock block;
    block.side = side;
    block.cross = cross;
    block.slotCount = slotCount;
    return block;
}

}  // namespace

/// What the rows and columns of a block's maps are.
class BlockKeysTest : public QObject {
    Q_OBJECT

private slots:
    void keysAreTokensOfASideOrSlots() {
        QVERIFY(keysOf(blockOf("encoder", false), false) == KeysOf::source);
        QVERIFY(keysOf(blockOf("decoder", false), false) == KeysOf::source);  // of a decoder alone its own
        QVERIFY(keysOf(blockOf("encoder", false), true) == KeysOf::source);
        QVERIFY(keysOf(blockOf("decoder", false), true) == KeysOf::target);
        QVERIFY(keysOf(blockOf("decoder", true), true) == KeysOf::source);
        QVERIFY(keysOf(blockOf("decoder", true, 3), true) == KeysOf::bottleneck);
        QVERIFY(!queriesAreTargets(blockOf("encoder", false), true) && queriesAreTargets(blockOf("decoder", true), true));
        QVERIFY(!queriesAreTargets(blockOf("decoder", false), false));
    }

    void thereAreAsManyAsTokensOrSlots() {
        QCOMPARE(keyCount(blockOf("encoder", false), 6, 5), 6);
        QCOMPARE(keyCount(blockOf("decoder", false), 6, 5), 5);
        QCOMPARE(keyCount(blockOf("decoder", true), 6, 5), 6);
        for (const int slotCount : {1, 4, 40}) QCOMPARE(keyCount(blockOf("decoder", true, slotCount), 6, 5), slotCount);
        QCOMPARE(keyCount(blockOf("decoder", false), 6, 0), 6);
    }

    /// The maps of a trace have as many columns, whatever they are of.
    void theyAreThoseOfTheTrace() {
        for (const int slotCount : {2, 9}) {
            ModelConfig config = smallConfig();
            config.architecture = Architecture::encoder_decoder;
            config.num_decoder_layers = 1;
            config.bottleneck = {"fsq", {{"slots", static_cast<double>(slotCount)}, {"levels", 5}}};
            const Model model(config);
            Input input;
            input.tokens = {1, 2, 3, 4, 5};
            input.targetTokens = {2, 1, 3};
            input.masked = {false, true, false, false, true};  // no slot is a token that could be masked
            const Trace trace = model.trace(randomWeights<float>(model, 3), input);
            for (const AttentionBlock& block : model.attentionBlocks()) {
                QCOMPARE(trace.at(block.name + ".weights").extent(2), std::int64_t{keyCount(block, 5, 3)});
                const std::vector<Message> names = slotNames(block, &trace);
                QCOMPARE(names.size(), static_cast<std::size_t>(block.cross ? slotCount : 0));
                for (std::size_t slot = 0; slot < names.size(); ++slot) {
                    const int code = static_cast<int>(trace.at("bottleneck.codes").values[slot]);
                    QCOMPARE(names[slot].english(), "slot " + std::to_string(slot) + ": " + std::to_string(code));
                    QCOMPARE(slotNames(block, nullptr)[slot].english(), "slot " + std::to_string(slot));
                }
                for (const float score : trace.at(block.name + ".masked_scores").values) QVERIFY(!block.cross || !std::isinf(score));
            }
        }
    }
};

QTEST_APPLESS_MAIN(BlockKeysTest)
#include "block_keys_test.moc"
