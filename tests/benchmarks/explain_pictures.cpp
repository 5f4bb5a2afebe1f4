// Pictures of every stage of the explainer in every form, to be looked at: explain_pictures FOLDER [--form NAME] [--length N] [--width W]
// [--height H] [--dark] [--scale S] [--block N] [--layers L]. One PNG a stage, named after form, length, block and stage. No assertions;
// not a ctest.

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QTest>
#include <cstdio>
#include <functional>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "tests/small_experiment.h"
#include "ui/pages/explain/answer_throw.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/handout_dialog.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/stage_desk.h"
#include "ui/widgets/theme.h"

namespace {

using lab::Experiment;
using lab::ModelConfig;

struct Form {
    const char* name;
    std::function<void(Experiment&)> change;
};

void decoder(Experiment& e) {
    e.task.kind = "copy";
    ModelConfig& m = e.model;
    m.architecture = lab::Architecture::decoder;
    m.num_heads = 4;
    m.num_kv_heads = 2;
    m.position.kind = lab::PositionKind::rope;
    m.norm = {lab::NormKind::rms, lab::NormPlacement::pre, 1e-6};
    m.feed_forward.activation = lab::Activation::swiglu;
    m.bias = false;
    m.output = {lab::OutputKind::linear, false, false};
    e.training.optimizer.kind = "adamw";
    e.training.optimizer.numbers.set("weight_decay", 0.1);
}

const std::vector<Form>& forms() {
    static const std::vector<Form> all{
        {"qkv", [](Experiment&) {}},
        {"kv", [](Experiment& e) { e.model.attention.form = lab::AttentionForm::kv; }},
        {"kv-pos", [](Experiment& e) { e.model.attention.form = lab::AttentionForm::kv_pos; }},
        {"llama", decoder},
        {"mqa-gelu",
         [](Experiment& e) {
             decoder(e);
             e.model.num_kv_heads = 1;
             e.model.feed_forward.activation = lab::Activation::gelu;
             e.model.position.rope.pairing = lab::RopePairing::interleaved;
         }},
        {"alibi",
         [](Experiment& e) {
             e.model.position.kind = lab::PositionKind::alibi;
             e.training.optimizer.kind = "sgd";
         }},
        {"linear", [](Experiment& e) { e.model.attention.kernel.kind = lab::KernelKind::linear; }},
        {"window",
         [](Experiment& e) {
             e.model.attention.pattern = {"sliding-window", {{"window", 2}}};
             e.model.feed_forward.activation = lab::Activation::gelu_tanh;
         }},
        {"two-sides",
         [](Experiment& e) {
             e.model.architecture = lab::Architecture::encoder_decoder;
             e.model.num_decoder_layers = 2;
             e.model.output = {lab::OutputKind::linear, true, true};
         }},
    };
    return all;
}

Experiment experimentOf(const Form& form, int length, int layers) {
    Experiment e = lab::smallExperiment({.length = length, .train = 2000, .validation = 20, .test = 20, .d_model = 32, .layers = layers});
    form.change(e);
    return lab::resolved(e);
}

void grabStages(lab::ExplainPage& page, const QString& prefix) {
    int number = 0;
    std::vector<QString> stages;
    for (const lab::explain::Stage& stage : page.walk().stages) stages.push_back(QString::fromStdString(stage.id));
    for (const QString& stage : stages) {
        page.showStage(stage, {});
        QCoreApplication::processEvents();
        if (!QTest::qWaitFor([&] { return !page.answerThrow()->busy(); })) std::fprintf(stderr, "the answers along a throw never came\n");
        QCoreApplication::processEvents();
        page.grab().save(prefix + QStringLiteral("-%1-%2.png").arg(number++, 2, 10, QLatin1Char('0')).arg(stage));
    }
}

void grabHandout(const lab::ExplainPage& page, const QString& prefix) {
    lab::HandoutDialog dialog(page.walk(), {"Reverse", "layer 0, head 1, query 5", "3 1 4 1 5 9"});
    for (const bool worksheet : {false, true}) {
        dialog.setWorksheet(worksheet);
        dialog.show();
        QCoreApplication::processEvents();
        const QString name = prefix + (worksheet ? QStringLiteral("-worksheet") : QStringLiteral("-handout"));
        dialog.grab().save(name + QStringLiteral(".png"));
        if (!dialog.save(name + QStringLiteral(".pdf"))) std::fprintf(stderr, "the handout was not saved\n");
    }
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("explain_pictures"));
    QCommandLineParser options;
    options.addPositionalArgument(QStringLiteral("folder"), QString());
    for (const char* name : {"form", "length", "width", "height", "scale", "block", "layers"})
        options.addOption({QString::fromLatin1(name), QString(), QStringLiteral("value")});
    for (const char* flag : {"dark", "own", "handout"}) options.addOption({QString::fromLatin1(flag), QString()});
    options.process(application);
    const auto number = [&](const char* name, double otherwise) {
        const QString text = options.value(QString::fromLatin1(name));
        return text.isEmpty() ? otherwise : text.toDouble();
    };
    lab::Theme& theme = lab::Theme::instance();
    theme.setMode(options.isSet(QStringLiteral("dark")) ? lab::Theme::Mode::dark : lab::Theme::Mode::light);
    theme.setScale(number("scale", 1.0));
    theme.apply();
    const QString folder = options.positionalArguments().value(0, QStringLiteral("."));
    QDir().mkpath(folder);

    for (const Form& form : forms()) {
        if (!options.value(QStringLiteral("form")).isEmpty() && options.value(QStringLiteral("form")) != QLatin1String(form.name)) continue;
        lab::Workspace workspace;
        lab::Focus focus;
        lab::ExplainPage page(focus);
        page.resize(static_cast<int>(number("width", 1208)), static_cast<int>(number("height", 620)));
        page.show();
        const int length = static_cast<int>(number("length", 16));
        lab::Run* run = workspace.add(lab::loadTask(experimentOf(form, length, static_cast<int>(number("layers", 2))), {}));
        focus.setRun(run);
        run->setPace(0);
        run->train();
        if (!QTest::qWaitFor([&] { return run->state() != lab::Run::State::training && run->step() > 0; }, 120'000)) return 1;
        const int block = static_cast<int>(number("block", -1));
        for (int b = 0; b < static_cast<int>(run->model()->attentionBlocks().size()); ++b) {
            if (block >= 0 && b != block) continue;
            // Among the answers, which a decoder gives behind its question.
            const bool decoder = run->model()->config().architecture == lab::Architecture::decoder;
            focus.select({b, 1, decoder ? length + 3 : std::min(5, length - 2), std::min(2, length - 1)});
            QTest::qWait(400);  // the trace, the twin and the optimizer's memory
            if (options.isSet(QStringLiteral("own"))) {
                page.edit({"scale", "scaled", 0, 1}, 2.0);
                QTest::qWait(400);  // the trace, and the answers along the throw
            }
            if (options.isSet(QStringLiteral("handout"))) {
                grabHandout(page, folder + QLatin1Char('/') + QLatin1String(form.name));
                continue;
            }
            grabStages(page, folder + QStringLiteral("/%1-n%2-b%3").arg(QLatin1String(form.name)).arg(length).arg(b));
            std::printf("%s, block %d: %zu stages\n", form.name, b, page.walk().stages.size());
        }
    }
    return 0;
}
