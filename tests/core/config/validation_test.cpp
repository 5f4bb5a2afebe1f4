#include "core/config/validation.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/config/derive.h"
#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/config/visitor.h"
#include "tests/tasks_of_vectors.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// "path=value;path=value" on top of the defaults, or of another experiment.
Experiment changed(const QString& changes, Experiment experiment = {}) {
    for (const QString& change : changes.split(';', Qt::SkipEmptyParts)) {
        const auto at = change.indexOf('=');
        setValue(experiment, change.left(at).trimmed().toStdString(), change.mid(at + 1).toStdString());
    }
    return experiment;
}

QString firstProblem(const Experiment& experiment) {
    const auto problems = problemsOf(experiment);
    return problems.empty() ? QString() : QString::fromStdString(problems.front().path + ": " + problems.front().message.english());
}

const QString rope = "model.position.kind=rope;model.position.rope.scaling.kind=";

}  // namespace

class ValidationTest : public QObject {
    Q_OBJECT

private slots:
    void defaultsAreSound() { QCOMPARE(firstProblem(Experiment()), QString()); }

    void explainsEachProblem_data() {
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const QString& changes, const char* sentence) { QTest::newRow(name) << changes << sentence; };
        row("small", "training.batch_size=0", "training.batch_size: 0 is out of range; must be from 1 to 1048576");
        row("dropout", "model.dropout=1", "model.dropout: 1 is out of range; must be from 0 to below 1");
        row("epsilon", "model.norm.epsilon=0", "model.norm.epsilon: 0 is out of range; must be above 0 and at most 1");
        row("heads", "model.num_heads=3", "model.num_heads: 3 does not divide d_model 32; use 1, 2, 4, 8, 16 or 32, or give head_dim");
        row("many heads", "model.d_model=360;model.num_heads=7",
            "model.num_heads: 7 does not divide d_model 360; use 5, 6, 8 or 9, or give head_dim");
        row("groups", "model.num_heads=4;model.num_kv_heads=3", "model.num_kv_heads: 3 does not divide num_heads 4; use 1, 2 or 4");
        row("groups of kv", "model.num_heads=4;model.num_kv_heads=2;model.attention.form=kv",
            "model.num_kv_heads: 2 differs from num_heads 4; form kv needs as many, so use 4 or leave it out");
        row("groups of latent", "model.num_heads=4;model.num_kv_heads=2;model.attention.form=latent",
            "model.num_kv_heads: 2 differs from num_heads 4; form latent needs as many, so use 4 or leave it out");
        row("odd rotated channels", "model.position.kind=rope;model.position.rope.dims=3",
            "model.position.rope.dims: 3 is odd, but rope rotates pairs of channels; use an even number");
        row("many rotated channels", "model.position.kind=rope;model.position.rope.dims=18",
            "model.position.rope.dims: 18 is more than head_dim 16 (d_model 32 / num_heads 2); use at most that, or leave it out");
        row("rotated channels scaled",
            "model.position.kind=rope;model.position.rope.dims=8;model.position.rope.scaling.kind=linear;"
            "model.position.rope.scaling.factor=2",
            "model.position.rope.dims: scaling linear is meant for heads that turn in all channels; set scaling to none, or leave dims "
            "out");
        row("one stack", "model.architecture=decoder;model.num_layers=4;model.num_decoder_layers=2",
            "model.num_decoder_layers: 2 differs from num_layers 4, but a decoder has one stack; use 4 or leave it out");
        row("linear kv+pos", "model.attention.kernel=linear;model.attention.form=kv+pos",
            "model.attention.kernel: linear has no softmax before which the position map of form kv+pos could change scores; use softmax, "
            "or form qkv or "
            "kv");
        row("linear alibi", "model.attention.kernel=linear;model.position.kind=alibi",
            "model.attention.kernel: linear has no softmax before which alibi could subtract a distance from scores; use softmax, or "
            "another position");
        row("product kv+pos", "model.attention.kernel=product;model.attention.form=kv+pos",
            "model.attention.kernel: product has no softmax before which the position map of form kv+pos could change scores; use "
            "softmax, or form qkv or kv");
        row("product alibi", "model.attention.kernel=product;model.position.kind=alibi",
            "model.attention.kernel: product has no softmax before which alibi could subtract a distance from scores; use softmax, or "
            "another position");
        row("performer alibi", "model.attention.kernel=performer;model.position.kind=alibi",
            "model.attention.kernel: performer has no softmax before which alibi could subtract a distance from scores; use softmax, or "
            "another position");
        row("features", "model.attention.kernel=performer;model.attention.features=0",
            "model.attention.features: 0 is out of range; must be from 1 to 4096");
        row("retention of an encoder", "model.attention.kernel=retention",
            "model.attention.kernel: retention lets what came before a token fade, but an encoder reads both ways; set model.architecture "
            "to decoder, or use another kernel");
        row("gated-linear of two sides", "model.attention.kernel=gated-linear;model.architecture=encoder-decoder",
            "model.attention.kernel: gated-linear lets what came before a token fade, but an encoder reads both ways; set "
            "model.architecture to decoder, or use another kernel");
        row("retention in a window",
            "model.attention.kernel=retention;model.architecture=decoder;model.attention.pattern={\"kind\":\"sliding-window\","
            "\"window\":2}",
            "model.attention.pattern.kind: sliding-window hides keys that retention keeps in one sum with all others; use full, or another "
            "kernel");
        row("retention, diagonal masked", "model.attention.kernel=retention;model.architecture=decoder;model.attention.mask_diagonal=true",
            "model.attention.mask_diagonal: retention adds a token to its sum before it reads from it; use false, or another kernel");
        row("linear soft cap", "model.attention.kernel=linear;model.attention.soft_cap=5",
            "model.attention.kernel: linear has no softmax before which soft_cap could bound scores; use softmax, or "
            "model.attention.soft_cap 0");
        row("product sink", "model.attention.kernel=product;model.attention.sink=true",
            "model.attention.kernel: product has no softmax in whose sum a sink could stand; use softmax, or model.attention.sink false");
        row("linear relative bias", "model.attention.kernel=linear;model.position.kind=relative-bias",
            "model.attention.kernel: linear has no softmax before which relative-bias could add a number to scores; use softmax, or "
            "another position");
        row("odd buckets", "model.position.kind=relative-bias;model.position.buckets=7",
            "model.position.buckets: 7 is odd, but an encoder gives half of the buckets to keys behind the query; use 6 or 8");
        row("near buckets", "model.position.kind=relative-bias;model.position.buckets=32;model.position.max_distance=8",
            "model.position.max_distance: 8 is too small; with 32 buckets the distances below 8 have a bucket each, so use at least 9");
        row("near buckets of a decoder",
            "model.architecture=decoder;model.position.kind=relative-bias;model.position.buckets=7;model.position.max_distance=3",
            "model.position.max_distance: 3 is too small; with 7 buckets the distances below 3 have a bucket each, so use at least 4");
        row("attention dropout", "model.attention.dropout=1", "model.attention.dropout: 1 is out of range; must be from 0 to below 1");
        row("vectors of a task of tokens", "model.input=vectors;model.input_dim=4",
            "model.input: vectors is not what task reverse is made of; use tokens or leave it out");
        row("vectors of a file of tokens", "task.kind=pairs;task.path=a.tsv;model.input=vectors;model.input_dim=4",
            "model.input: vectors is not what task pairs is made of; use tokens or leave it out");
        row("squares of classes", "model.output.loss=squared",
            "model.output.loss: squared compares with numbers, but task reverse asks for classes; use cross-entropy or leave it out");
        row("context of a decoder", "model.attention.pattern.kind=context;model.architecture=decoder",
            "model.attention.pattern.kind: context goes by the end of a sequence, which a decoder has not reached; set "
            "model.architecture to encoder, or use another pattern");
        row("mixing decoder", "model.mixer.kind=feed-forward;model.architecture=decoder;model.max_seq_len=16",
            "model.mixer.kind: feed-forward lets every position read what comes after it, which a decoder must not see; set "
            "model.architecture to encoder, or use attention");
        for (const char* position : {"rope", "alibi", "relative-bias"})
            row(position, QStringLiteral("model.mixer.kind=feed-forward;model.position.kind=%1").arg(position),
                (std::string("model.position.kind: ") + position +
                 " works on queries, keys or scores, which mixer feed-forward has not; use none, sinusoidal or learned")
                    .c_str());
        row("short mixer", "model.mixer.kind=feed-forward;model.max_seq_len=8",
            "model.max_seq_len: 8 is too small; the feed-forward mixer must reach the task's sequences of 16, so use at least 16");
        row("huge mixer", "model.mixer.kind=feed-forward;model.max_seq_len=1048576",
            "model.max_seq_len: 1048576 positions of d_model 32 are more than the 16777216 numbers that a feed-forward mixer reads at "
            "most; use a shorter max_seq_len or a smaller d_model");
        const QString experts = "model.feed_forward.kind=experts;";
        row("more chosen than there are", experts + "model.feed_forward.experts=3;model.feed_forward.top_k=4",
            "model.feed_forward.top_k: 4 is more than the 3 experts that there are; use at most 3");
        row("experts without layers", experts + "model.d_ff=0",
            "model.d_ff: feed_forward.kind experts needs feed-forward layers; use at least 1, or kind dense");
        row("experts of a standing dictionary", experts + "task.kind=glossary;model.architecture=decoder;model.dictionary.kind=standing",
            "model.feed_forward.kind: experts do not read what a token finds in a dictionary that is standing; use dense, or another "
            "dictionary");
        row("tied", "model.output.tied=true;model.vocab_size=12",
            "model.output.tied: a tied output gives one logit per token, but num_classes 10 differs from vocab_size 12; make them equal or "
            "use false");
        row("odd rope", "model.position.kind=rope;model.d_model=30;model.num_heads=2",
            "model.position.kind: rope rotates pairs of channels, but head_dim 15 (d_model 30 / num_heads 2) is odd; change d_model or "
            "num_heads, or use another position");
        row("ntk", rope + "ntk;model.position.rope.scaling.factor=2;model.d_model=4;model.num_heads=2",
            "model.position.rope.scaling.kind: ntk raises its factor to head_dim / (head_dim - 2), which head_dim 2 (d_model 4 / num_heads "
            "2) "
            "does not have; use linear");
        row("no factor", rope + "linear",
            "model.position.rope.scaling.factor: missing, and there is no default; give a number, from 1 to 1000000");
        row("no original", rope + "yarn;model.position.rope.scaling.factor=2",
            "model.position.rope.scaling.original_max_seq_len: missing, and there is no default; give an integer, from 2 to 16777216");
        row("betas",
            rope +
                "yarn;model.position.rope.scaling.factor=2;model.position.rope.scaling.original_max_seq_len=16;"
                "model.position.rope.scaling.beta_fast=1",
            "model.position.rope.scaling.beta_fast: 1 is too small; must be above beta_slow 1");
        row("yarn base",
            rope +
                "yarn;model.position.rope.scaling.factor=2;model.position.rope.scaling.original_max_seq_len=16;model.position.rope.base=1",
            "model.position.rope.base: 1 is too small; yarn divides by its logarithm, so use more than 1");
        row("longrope",
            rope +
                "longrope;model.position.rope.scaling.max_seq_len=32;model.position.rope.scaling.original_max_seq_len=16;"
                "model.position.rope.scaling.short_factors=1,1;model.position.rope.scaling.long_factors=1 1 1 1 1 1 1 1",
            "model.position.rope.scaling.short_factors: has 2 values; head_dim 16 (d_model 32 / num_heads 2) needs 8");
        row("factor 0",
            rope +
                "longrope;model.position.rope.scaling.max_seq_len=32;model.position.rope.scaling.original_max_seq_len=16;"
                "model.position.rope.scaling.short_factors=1 0;model.position.rope.scaling.long_factors=1 1 1 1 1 1 1 1",
            "model.position.rope.scaling.short_factors: value 1, 0, is out of range; must be above 0 and at most 1000000");
        row("lsh of qkv", "model.attention.pattern={\"kind\": \"lsh\", \"buckets\": 4, \"rounds\": 2, \"chunk\": 4, \"seed\": 1}",
            "model.attention.form: qkv has queries of its own, but pattern lsh hashes what is query and key at once; use kv, kv+pos or k");
        row("lsh of odd buckets",
            "model.attention.form=kv;model.attention.pattern={\"kind\": \"lsh\", \"buckets\": 5, \"rounds\": 2, \"chunk\": 4, \"seed\": 1}",
            "model.attention.pattern.buckets: 5 is odd, but every direction has its opposite; use 4 or 6");
        row("global projections of kv",
            "model.attention.form=kv;model.attention.global_projections=true;model.attention.pattern={\"kind\": \"longformer\", "
            "\"window\": 1, \"globals\": 1}",
            "model.attention.form: kv has not three projections that global ones could stand beside; use qkv, or global_projections false");
        row("global projections of the linear kernel",
            "model.attention.kernel=linear;model.attention.global_projections=true;model.attention.pattern={\"kind\": \"longformer\", "
            "\"window\": 1, \"globals\": 1}",
            "model.attention.kernel: linear has no scores that global projections could make; use softmax, or global_projections false");
        row("shared keys of kv", "model.attention.share_kv=2;model.attention.form=kv",
            "model.attention.form: kv makes queries of a layer\u2019s own keys, which most layers that share keys have not; use qkv or "
            "q+kv, or "
            "model.attention.share_kv 1");
        row("shared keys of latent", "model.attention.share_kv=2;model.attention.form=latent",
            "model.attention.form: latent keeps one short vector of each token in every layer, which layers cannot share here; use qkv or "
            "q+kv, or model.attention.share_kv 1");
        row("shared keys of retention", "model.attention.share_kv=2;model.attention.kernel=retention;model.architecture=decoder",
            "model.attention.kernel: retention keeps a state of each layer instead of keys and values that layers could share; use another "
            "kernel, or model.attention.share_kv 1");
        row("shared keys of global projections",
            "model.attention.share_kv=2;model.attention.global_projections=true;model.attention.pattern={\"kind\": \"longformer\", "
            "\"window\": 1, \"globals\": 1}",
            "model.attention.global_projections: the first tokens\u2019 own keys and values are made by each layer; use false, or "
            "model.attention.share_kv 1");
        row("shared keys of tied layers", "model.attention.share_kv=2;model.depth.kind=tied",
            "model.depth.kind: tied gives all steps the same weights, so none of them can go without keys of its own; use layers, or "
            "model.attention.share_kv 1");
        row("shared keys of no layer", "model.attention.share_kv=0", "model.attention.share_kv: 0 is out of range; must be from 1 to 256");
        row("window", "model.attention.pattern.kind=sliding-window",
            "model.attention.pattern.window: missing, and there is no default; give an integer, from 0 to 16777216");
        row("segments", "model.attention.pattern.kind=segments;model.attention.pattern.segment=4;model.attention.pattern.memory=4",
            "model.attention.pattern.kind: segments reads a stream in order, but architecture encoder reads all of it at once; set "
            "model.architecture to decoder, or use another pattern");
        row("no memory", "model.architecture=decoder;model.attention.pattern.kind=segments;model.attention.pattern.segment=4",
            "model.attention.pattern.memory: missing, and there is no default; give an integer, from 0 to 16777216");
        row("relative", "model.position.kind=relative;model.attention.kernel=linear",
            "model.attention.kernel: linear has no softmax before which relative could add to scores what a distance is worth; use "
            "softmax, or another position");
        row("span", "model.attention.span=true;model.attention.mask_diagonal=true",
            "model.attention.mask_diagonal: a span may end right behind the query itself, which then must see itself; use false, or set "
            "model.attention.span to false");
        row("span of performer", "model.attention.span=true;model.attention.kernel=performer",
            "model.attention.kernel: performer has no softmax whose weights a span could cut; use softmax, or model.attention.span false");
        row("no span", "model.attention.span=true;model.attention.max_span=0",
            "model.attention.max_span: 0 is out of range; must be from 1 to 16777216");
        row("whole share", "model.attention.span=true;model.attention.span_start=1.5",
            "model.attention.span_start: 1.5 is out of range; must be from 0 to 1");
        row("short carry", "task.kind=carry;model.architecture=decoder;task.seq_len=3",
            "task.seq_len: 3 is too small; carry needs two marks and something to keep, so use at least 4");
        row("poor carry", "task.kind=carry;model.architecture=decoder;task.vocab_size=3",
            "task.vocab_size: 3 is too small; carry needs two marks and something to keep, so use at least 4");
        row("odd swap", "task.kind=swap;task.seq_len=7", "task.seq_len: 7 is odd; swap has two halves, so use 6 or 8");
        row("one swap", "task.kind=swap;task.seq_len=1", "task.seq_len: 1 is odd; swap has two halves, so use 2");
        row("odd add", "task.kind=add;task.seq_len=7", "task.seq_len: 7 is odd; add has two halves, so use 6 or 8");
        row("half reversed", "task.kind=add;task.reversed=2", "task.reversed: 2 is out of range; must be from 0 to 1");
        row("far rotation", "task.kind=rotate;task.k=1048577", "task.k: 1048577 is out of range; must be from -1048576 to 1048576");
        row("repeat", "task.kind=repeat",
            "task.kind: repeat predicts the next token, which architecture encoder would see; set model.architecture to decoder");
        row("pairs", "task.kind=pairs", "task.path: missing, and there is no default; give a text");
        row("batch", "task.train_size=100",
            "training.batch_size: 128 is larger than task.train_size 100; an epoch then has no whole batch");
        row("vocabulary", "model.vocab_size=9", "model.vocab_size: 9 is too small; the task's tokens are 0 to 9, so use at least 10");
        row("decoder vocabulary", "model.vocab_size=10;model.architecture=decoder",
            "model.vocab_size: 10 is too small; the task's tokens are 0 to 10, so use at least 11");
        row("classes", "model.num_classes=9", "model.num_classes: 9 is too small; the task's targets are 0 to 9, so use at least 10");
        row("positions", "model.position.kind=learned;model.max_seq_len=8",
            "model.max_seq_len: 8 is too small; learned positions must reach the task's sequences of 16, so use at least 16");
        const QString squeezed = "model.architecture=encoder-decoder;model.bottleneck.kind=";
        row("two levels", squeezed + "fsq;model.bottleneck.levels=2",
            "model.bottleneck.levels: 2 levels have hardly a slope near 0, where numbers begin; use at least 3, or bottleneck bits");
        row("slots", squeezed + "vq;model.bottleneck.slots=65", "model.bottleneck.slots: 65 is out of range; must be from 1 to 64");
        row("bits", squeezed + "bits;model.bottleneck.count=0", "model.bottleneck.count: 0 is out of range; must be from 1 to 64");
        row("codes", squeezed + "one-hot;model.bottleneck.codes=1", "model.bottleneck.codes: 1 is out of range; must be from 2 to 256");
        row("rising tau", squeezed + "gumbel;model.bottleneck.tau=0.2",
            "model.bottleneck.tau_end: 0.5 is above tau 0.2, from which it falls");
        row("bigbird", "model.attention.pattern={\"kind\": \"bigbird\", \"window\": 1, \"globals\": 1, \"randoms\": 1}",
            "model.attention.pattern.seed: missing, and there is no default; give an integer, from 0 to 9007199254740991");
        row("llama3 ramp",
            "model.position.kind=rope;model.position.rope.scaling={\"kind\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, "
            "\"high_freq_factor\": 4, \"original_max_seq_len\": 64}",
            "model.position.rope.scaling.high_freq_factor: 4 is too small; must be above low_freq_factor 4");
        row("llama3 without its ramp",
            "model.position.kind=rope;model.position.rope.scaling={\"kind\": \"llama3\", \"factor\": 8, \"original_max_seq_len\": 64}",
            "model.position.rope.scaling.low_freq_factor: missing, and there is no default; give a number, above 0 and at most 1000000");
    }

    void explainsEachProblem() {
        QFETCH(QString, changes);
        QFETCH(QString, sentence);
        const Experiment experiment = changed(changes);
        QCOMPARE(firstProblem(experiment), sentence);
        QVERIFY_THROWS_EXCEPTION(InputError, validate(experiment));
    }

    void aBottleneckIsOfTokensThatAnEncoderAttendsTo() {
        const auto problemOf = [](const Experiment& experiment) {
            for (const ConfigProblem& problem : problemsOf(experiment))
                if (problem.path == "model.bottleneck.kind") return QString::fromStdString(problem.message.english());
            return QString();
        };
        const QString fsq = "model.bottleneck.kind=fsq;", twoSides = "model.architecture=encoder-decoder;";
        QCOMPARE(firstProblem(changed(twoSides + fsq)), QString());
        QCOMPARE(problemOf(changed(twoSides + fsq + "model.mixer.kind=feed-forward;model.max_seq_len=32")),
                 QString("slots read the encoder's output by attention; use none, or mixer attention"));
        QCOMPARE(problemOf(changed(twoSides + fsq, experimentOf(classesOfVectors()))),
                 QString("a code is one of a sequence of tokens, and this model reads vectors; use none"));
        const Experiment glossary = changed("task.kind=glossary;model.architecture=decoder;model.dictionary.kind=attended;" + fsq);
        QCOMPARE(problemOf(glossary), QString("the encoder reads the dictionary here, which is not to be squeezed into slots; use none"));
        QCOMPARE(problemOf(changed("model.bottleneck.kind=none", glossary)), QString());
        // One side alone has nothing to stand between.
        for (const char* architecture : {"encoder", "decoder"}) {
            const Experiment alone = changed(fsq + "model.bottleneck.levels=2;model.architecture=" + architecture);
            QCOMPARE(firstProblem(alone), QString());
            QVERIFY(!resolved(alone).model.hasBottleneck());
        }
    }

    void explainsEachProblemOfVectors_data() {
        QTest::addColumn<bool>("numbers");
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, bool numbers, const QString& changes, const char* sentence) {
            QTest::newRow(name) << numbers << changes << sentence;
        };
        row("tokens", false, "model.input=tokens",
            "model.input: tokens is not what task classes-of-vectors is made of; use vectors or leave it out");
        row("width", false, "model.input_dim=5", "model.input_dim: 5 is not the length of the task's vectors; use 4 or leave it out");
        row("no width", false, "model.input_dim=0", "model.input_dim: 0 is out of range; must be from 1 to 65536");
        row("class", false, "model.readout=class",
            "model.readout: class reads out a class token, which the model has not; set model.class_token to true, or use every or last");
        row("tied", false, "model.output.tied=true",
            "model.output.tied: a tied output is the token table, which a model of vectors has not; use false");
        row("decoder", false, "model.class_token=true;model.architecture=decoder",
            "model.class_token: a class token stands before all others and would see none of them in a decoder; set model.architecture to "
            "encoder, or use false");
        row("two sides", false, "model.architecture=encoder-decoder",
            "model.architecture: encoder-decoder has a second side that reads tokens, but this model reads vectors; use encoder or "
            "decoder");
        row("classes", false, "model.num_classes=2", "model.num_classes: 2 is too small; the task's targets are 0 to 2, so use at least 3");
        row("rows", false, "model.class_token=true;model.vocab_size=1",
            "model.vocab_size: 1 is too small; the task's tokens are 0 to 1, so use at least 2");
        row("places", false, "model.class_token=true;model.position.kind=learned;model.max_seq_len=6",
            "model.max_seq_len: 6 is too small; learned positions must reach the task's sequences of 7, so use at least 7");
        row("numbers as classes", true, "model.output.loss=cross-entropy",
            "model.output.loss: cross-entropy compares with a class, but task numbers-of-vectors asks for numbers; use squared or leave it "
            "out");
        row("classes as numbers", false, "model.output.loss=squared",
            "model.output.loss: squared compares with numbers, but task classes-of-vectors asks for classes; use cross-entropy or leave it "
            "out");
        row("how many numbers", true, "model.num_classes=3",
            "model.num_classes: 3 is not how many numbers the task asks for; use 2 or leave it out");
    }

    void explainsEachProblemOfVectors() {
        QFETCH(bool, numbers);
        QFETCH(QString, changes);
        QFETCH(QString, sentence);
        const Experiment bare = experimentOf(numbers ? numbersOfVectors() : classesOfVectors());
        QCOMPARE(firstProblem(bare), QString());
        QCOMPARE(firstProblem(changed(changes, bare)), sentence);
    }

    void derivesWhatVectorsNeed() {
        const Experiment classes = resolved(experimentOf(classesOfVectors()));
        QCOMPARE(classes.model.input, std::optional(InputKind::vectors));
        QCOMPARE(classes.model.input_dim, std::optional(4));
        QCOMPARE(classes.model.vocab_size, std::optional(1));
        QCOMPARE(classes.model.num_classes, std::optional(3));
        QCOMPARE(classes.model.max_seq_len, std::optional(6));
        QCOMPARE(classes.model.readout, std::optional(Readout::last));
        QVERIFY(!classes.model.answersNumbers());
        const Experiment withToken = resolved(changed("model.class_token=true", experimentOf(classesOfVectors())));
        QCOMPARE(withToken.model.vocab_size, std::optional(2));
        QCOMPARE(withToken.model.max_seq_len, std::optional(7));
        QCOMPARE(withToken.model.readout, std::optional(Readout::class_token));
        const Experiment numbers = resolved(experimentOf(numbersOfVectors()));
        QCOMPARE(numbers.model.num_classes, std::optional(2));
        QVERIFY(numbers.model.answersNumbers());
    }

    void ofTokensAClassTokenIsKeptAndIgnored() {
        const Experiment e = changed("model.class_token=true;model.readout=class;model.input_dim=3");
        QCOMPARE(firstProblem(e), QString());
        QCOMPARE(resolved(e).model.vocab_size, std::optional(10));
        QCOMPARE(resolved(e).model.max_seq_len, std::optional(16));
        QVERIFY(!fieldTable().at("model.class_token").isApplicable(e));
    }

    void allowsWhatMeansSomething_data() {
        QTest::addColumn<QString>("changes");
        const auto row = [](const QString& changes) { QTest::newRow(qPrintable(changes.left(70))) << changes; };
        row("model.d_model=33;model.num_heads=3");
        row("model.attention.kernel=product;model.norm.kind=none;model.d_ff=0;model.position.kind=none");
        row("model.attention.kernel=product;model.attention.form=q+kv;model.position.kind=rope;model.architecture=decoder");
        row("model.architecture=encoder-decoder;model.d_ff=0;model.norm.kind=none;model.norm.placement=pre");
        row("model.architecture=decoder");
        row("model.architecture=decoder;model.attention.form=kv+pos");
        row("model.architecture=decoder;task.kind=repeat");
        row("model.architecture=encoder-decoder;model.num_decoder_layers=1;model.output.tied=true;model.output.kind=linear");
        row("model.attention.form=q+kv;model.num_heads=4;model.num_kv_heads=2");
        row("model.attention.form=kv;model.attention.unit_keys=true;model.attention.mask_diagonal=true;model.attention.pattern={\"kind\": "
            "\"lsh\", \"buckets\": 4, \"rounds\": 2, \"chunk\": 4, \"seed\": 1}");
        row("model.attention.form=k;model.attention.mask_diagonal=true;model.architecture=decoder;model.position.kind=rope");
        row("model.attention.qk_norm=true;model.attention.mask_diagonal=true;model.attention.form=kv+pos");
        row("model.attention.pattern={\"kind\":\"bigbird\",\"window\":1,\"globals\":0,\"randoms\":2,\"seed\":3};model.architecture="
            "decoder");
        row("model.attention.kernel=linear;model.attention.form=kv;model.position.kind=rope");
        row("model.attention.kernel=performer;model.attention.form=kv;model.position.kind=rope");
        row("model.attention.kernel=performer;model.architecture=encoder-decoder;model.attention.features=4096");
        row("model.attention.kernel=performer;model.attention.mask_diagonal=true;model.attention.pattern={\"kind\":\"strided\","
            "\"window\":1,\"stride\":3}");
        row("model.attention.kernel=retention;model.architecture=decoder;model.attention.form=kv;model.position.kind=rope");
        row("model.attention.kernel=gated-linear;model.architecture=decoder;model.num_heads=4;model.num_kv_heads=2");
        row("model.attention.kernel=retention;model.architecture=decoder;model.attention.unit_keys=true");
        row("model.attention.form=latent;model.attention.span=true");
        for (const char* of : {"form=latent", "kernel=performer"})
            row(QString("model.attention.%1;model.architecture=decoder;model.attention.pattern={\"kind\":\"segments\",\"segment\":4,"
                        "\"memory\":4}")
                    .arg(of));
        row("model.depth.kind=tied;model.attention.pattern={\"kind\":\"sliding-window\",\"window\":2};model.attention.full_every=2");
        row("model.attention.features=0");  // not used by the chosen kernel
        row("model.attention.pattern={\"kind\":\"dilated\",\"window\":2,\"dilation\":3};model.attention.full_every=2");
        row("model.attention.full_every=-1");  // no pattern whose turn it could be
        row("model.attention.pattern={\"kind\":\"longformer\",\"window\":0,\"globals\":0}");
        row("model.num_heads=4;model.num_kv_heads=1;model.norm.kind=rms;model.feed_forward.activation=swiglu");
        row("task.train_size=100;training.shuffle=false");
        row("task.kind=pairs;task.path=a.tsv");
        row("model.attention.pos_dim=-5;training.optimizer.momentum=7");  // not used by the chosen kinds
        row("task.kind=sort;task.seq_len=1");
        row("task.kind=rotate;task.k=-3;task.seq_len=1");
        row("task.kind=add;task.reversed=1;task.vocab_size=2;task.seq_len=2");
        row("task.k=1048577");  // not a number of this task
        row("model.position.kind=rope;model.position.rope.scaling={\"kind\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, "
            "\"high_freq_factor\": 4, \"original_max_seq_len\": 64}");
        row("model.mixer.kind=feed-forward;model.num_heads=0;model.attention.pattern.kind=sliding-window");  // nothing attends
        row("model.mixer.kind=feed-forward;model.position.kind=learned;model.mixer.width=100");
        row("model.mixer.width=-1");  // nothing but attention mixes
        row("model.max_seq_len=3");   // sinusoidal positions have no table
    }

    void allowsWhatMeansSomething() {
        QFETCH(QString, changes);
        QCOMPARE(firstProblem(changed(changes)), QString());
    }

    void listsAllProblemsInTheVisitorsOrder() {
        const auto problems = problemsOf(changed("training.steps=0;model.num_heads=3;task.kind=pairs"));
        QCOMPARE(problems.size(), std::size_t{3});
        QCOMPARE(problems[0].path, std::string("task.path"));
        QCOMPARE(problems[1].path, std::string("model.num_heads"));
        QCOMPARE(problems[2].path, std::string("training.steps"));
    }

    void extremeValuesAreSentencesToo() {
        for (const FieldInfo& field : fieldTable()) {
            if (field.kind != FieldKind::integer && field.kind != FieldKind::real) continue;
            for (const char* text : {"-2147483648", "2147483647", "0", "-1"}) {
                Experiment experiment;
                try {
                    field.setText(experiment, text);
                } catch (const InputError&) {
                    continue;  // does not fit the member
                }
                for (const ConfigProblem& problem : problemsOf(experiment)) QVERIFY(!problem.message.empty());
            }
        }
    }

    void derivesWhatIsAbsent() {
        const Experiment encoder = resolved(changed("model.num_heads=4;model.d_model=64;model.num_layers=3"));
        QCOMPARE(encoder.model.num_kv_heads, std::optional(4));
        QCOMPARE(encoder.model.d_ff, std::optional(128));
        QCOMPARE(encoder.model.num_decoder_layers, std::optional(3));
        QCOMPARE(encoder.model.vocab_size, std::optional(10));
        QCOMPARE(encoder.model.num_classes, std::optional(10));
        QCOMPARE(encoder.model.max_seq_len, std::optional(16));
        QCOMPARE(encoder.task.validation_size, std::optional(1000));
        const Experiment decoder = resolved(changed("model.architecture=decoder"));
        QCOMPARE(decoder.model.vocab_size, std::optional(11));
        QCOMPARE(decoder.model.num_classes, std::optional(11));
        QCOMPARE(decoder.model.max_seq_len, std::optional(33));
        const Experiment repeat = resolved(changed("model.architecture=decoder;task.kind=repeat"));
        QCOMPARE(repeat.model.vocab_size, std::optional(10));
        QCOMPARE(repeat.model.max_seq_len, std::optional(16));
        const Experiment add = resolved(changed("model.architecture=decoder;task.kind=add"));
        QCOMPARE(add.model.vocab_size, std::optional(11));
        QCOMPARE(add.model.max_seq_len, std::optional(26));  // 16 digits, SEP, 9 digits
        QCOMPARE(resolved(changed("task.kind=add")).model.max_seq_len, std::optional(16));
        const Experiment both = resolved(changed("model.architecture=encoder-decoder"));
        QCOMPARE(both.model.vocab_size, std::optional(11));
        QCOMPARE(both.model.max_seq_len, std::optional(16));
        const Experiment pairs = resolved(changed("task.kind=pairs;task.path=x"));
        QCOMPARE(pairs.model.vocab_size, std::optional<int>());
        QCOMPARE(pairs.task.validation_size, std::optional<int>());
        QCOMPARE(pairs.model.num_kv_heads, std::optional(2));
    }

    void givenValuesAreKept() {
        const Experiment e = resolved(changed("model.d_ff=7;model.vocab_size=20;task.validation_size=5"));
        QCOMPARE(e.model.d_ff, std::optional(7));
        QCOMPARE(e.model.vocab_size, std::optional(20));
        QCOMPARE(e.task.validation_size, std::optional(5));
    }

    void derivedValuesCanBeTakenAwayAgain() {
        const Experiment original = changed("model.architecture=decoder;model.d_ff=100;model.num_heads=4");
        const Experiment bare = withoutDerived(resolved(original));
        QVERIFY(differences(bare, original).empty());
    }

    void fieldsSayWhatTheyAre() {
        QVERIFY(fieldTable().fields().size() > 60);
        QSet<QString> paths;
        for (const FieldInfo& field : fieldTable()) {
            QVERIFY2(field.help.english().size() > 20, field.path.c_str());
            QVERIFY2(!paths.contains(QString::fromStdString(field.path)), field.path.c_str());
            paths.insert(QString::fromStdString(field.path));
            QVERIFY(field.isDefault(Experiment()));
        }
        const FieldInfo& classes = fieldTable().at("model.num_classes");
        QVERIFY(classes.isDerived(Experiment()));
        QCOMPARE(classes.text(Experiment()), std::string());
        QCOMPARE(classes.text(resolved(Experiment())), std::string("10"));
        QCOMPARE(fieldTable().at("training.optimizer.epsilon").defaultText(), std::string("1e-8"));
        QCOMPARE(fieldTable().at("training.optimizer.learning_rate").defaultText(), std::string("0.001"));
        QVERIFY(!fieldTable().at("model.attention.pos_dim").isApplicable(Experiment()));
    }
};

QTEST_APPLESS_MAIN(ValidationTest)
#include "validation_test.moc"
