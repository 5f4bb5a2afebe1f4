#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/explain/code.h"
#include "core/explain/code_lines.h"
#include "core/explain/walk_limits.h"
#include "core/io/checkpoint.h"
#include "tests/core/explain/explain_testing.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

CodeSource sourceOf(const Subject& s, const Question& q) {
    return {s.model, s.weights, NumberSource(s.trace), q};
}

class Programs {
public:
    /// Of a walk about every block of the model.
    void add(const CodeLanguage& language, const std::string& name, const Subject& s) {
        for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
            const AttentionBlock& block = s.model->attentionBlocks()[b];
            add(language, name + " " + block.name, s, questionOf(s, static_cast<int>(b), block.heads - 1, 3, 1));
        }
    }
    /// Of one walk; its checkpoint holds the optimizer's memory too where the question has it.
    void add(const CodeLanguage& language, const std::string& name, const Subject& s, const Question& q) {
        const QString file = m_folder.filePath(QString::number(m_count++) + " " + QString::fromStdString(name).replace('/', ' '));
        NamedTensors tensors;
        addTensors(tensors, s.model->layout(), *s.weights);
        if (q.firstMoment) addTensors(tensors, s.model->layout(), *q.firstMoment, "optimizer.first_moment.");
        if (q.secondMoment) addTensors(tensors, s.model->layout(), *q.secondMoment, "optimizer.second_moment.");
        CodeSource source = sourceOf(s, q);
        source.checkpoint = (file + ".safetensors").toStdString();
        writeSafetensors(source.checkpoint, tensors);
        std::ofstream((file + ".py").toStdString()) << walkCode(language, walkOf(s, q), source).script();
    }
    QByteArray run(const QString& interpreter) {
        QProcess python;
        python.setProcessChannelMode(QProcess::MergedChannels);
        python.start(interpreter, {LAB_SOURCE_DIR "/tests/core/run_programs.py", m_folder.path()});
        python.waitForFinished(-1);
        return python.readAll();
    }

private:
    QTemporaryDir m_folder;
    int m_count = 0;
};

/// A Python that has the module; empty when there is none. The system's own may be another than the first in the path.
QString pythonWith(const char* module) {
    for (const QString& program : {QStringLiteral("python3"), QStringLiteral("/usr/bin/python3")}) {
        QProcess python;
        python.start(program, {"-c", QString("import %1").arg(module)});
        if (python.waitForStarted() && python.waitForFinished(-1) && python.exitCode() == 0) return program;
    }
    return {};
}

/// Those whose walks are told as code.
std::vector<NamedConfig> toldForms() {
    std::vector<NamedConfig> forms = explainedForms();
    std::erase_if(forms, [](const NamedConfig& form) { return !whyNoCode(form.config).empty(); });
    return forms;
}

/// Each stage has lines in each language; a region that is marked and empty is none.
void checkLines(const std::string& name, const Subject& s, const Question& q) {
    const Walk walk = walkOf(s, q);
    for (const CodeLanguage& language : codeLanguages())
        for (const StageCode& stage : walkCode(language, walk, sourceOf(s, q)).stages) {
            const std::string where = name + " " + stage.stage + " " + std::string(language.id);
            QVERIFY2(!stage.text.empty(), where.c_str());
            QVERIFY2(!language.runs || stage.stage == "position" || stage.stage == "mask" || !stage.results.empty(), where.c_str());
        }
}

}  // namespace

class ExplainCodeTest : public QObject {
    Q_OBJECT

private slots:
    /// Nothing of a language is for a stage that there is not: a renamed stage would lose its lines unseen.
    void everySectionIsOfAStageThatThereIs() {
        std::set<std::string, std::less<>> stages;
        for (const auto& [name, config] : toldForms()) {
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b)
                for (const Stage& stage : walkOf(s, questionOf(s, static_cast<int>(b), 0, 3, 1)).stages) stages.insert(codeKey(stage.id));
        }
        for (const CodeSection& section : codeSections(*findCodeLanguage("cpp"))) {
            QVERIFY2(!section.lines.empty(), std::string(section.file).c_str());
            for (const CodeSection::Head& head : section.heads)
                for (const std::string& key : head.keys)
                    QVERIFY2(stages.contains(key), (std::string(section.file) + ": no stage " + key).c_str());
        }
    }

    /// Texts of the others, regions of the compiled sources: in every form.
    void everyStageHasLinesInEveryLanguage() {
        for (const auto& [name, config] : toldForms()) {
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b)
                checkLines(name, s, questionOf(s, static_cast<int>(b), 0, 3, 1));
        }
    }

    /// Rather none than wrong ones.
    void modelsWithABottleneckHaveNoCode() {
        for (const NamedConfig& form : codedForms()) QVERIFY2(!whyNoCode(form.config).empty(), form.name.c_str());
        for (const auto& forms : {latentForms(), unitKeyForms(), globalProjectionForms(), std::vector{NamedConfig{"small", smallConfig()}}})
            for (const NamedConfig& form : forms) QVERIFY2(whyNoCode(form.config).empty(), form.name.c_str());
    }

    void everyOptimizersStepHasLines() {
        const Subject s = subjectOf(smallConfig());
        for (const UpdateRule* rule : UpdateRule::table()) {
            Question q = questionOf(s, 0, 0, 3, 1);
            q.optimizer.kind = rule->name;
            checkLines(std::string(rule->name), s, q);
        }
    }

    void everyStagesNumpyGivesTheWalksNumbersInAllForms() {
        const QString python = pythonWith("numpy");
        // tests/run.sh installs it: only a person who runs the tests by hand may be without.
        if (python.isEmpty() && !qEnvironmentVariableIsSet("CI")) QSKIP("python3 has no numpy here");
        QVERIFY2(!python.isEmpty(), "python3-numpy is missing");
        runAllForms(*findCodeLanguage("numpy"), python);
    }

    void everyStagesPytorchGivesTheWalksNumbersInAllForms() {
        const QString python = pythonWith("torch; torch.nn.functional.rms_norm");  // from 2.4 on
        if (python.isEmpty()) QSKIP("python3 has no torch 2.4 here");
        runAllForms(*findCodeLanguage("torch"), python);
    }

private:
    static void runAllForms(const CodeLanguage& language, const QString& python) {
        Programs programs;
        for (const auto& [name, config] : toldForms()) programs.add(language, name, subjectOf(config));
        const auto hide = [](Input& input) { input.masked = {false, true, false, false, false, true}; };
        const auto hideAll = [](Input& input) { input.masked = std::vector<bool>(6, true); };
        for (const char* form : {"qkv", "linear kernel causal", "encoder-decoder", "llama gqa"})
            for (const auto& [name, config] : toldForms()) {
                if (name != form) continue;
                programs.add(language, name + " some hidden", subjectOf(config, hide));
                programs.add(language, name + " all hidden", subjectOf(config, hideAll));
            }
        for (const AnswerCost& cost : {AnswerCost{0.2, 0.0}, {0.0, 0.05}, {0.2, 0.05}}) {
            const std::string name = "answers cost " + std::to_string(cost.label_smoothing) + " " + std::to_string(cost.z_loss);
            programs.add(language, name, subjectOf(smallConfig(), {}, cost));
        }
        const Subject s = subjectOf(smallConfig());
        for (const UpdateRule* rule : UpdateRule::table()) {
            Question q = questionOf(s, 0, 0, 3, 1);
            q.optimizer.kind = rule->name;
            programs.add(language, std::string(rule->name), s, q);
            Weights squares = *s.weights;
            for (float& x : squares) x *= x;
            const auto squared = std::make_shared<const Weights>(std::move(squares));
            q.firstMoment = firstMomentIsOfSquares(*rule) ? squared : s.weights;
            if (rule->moments > 1) q.secondMoment = squared;
            q.step = 7;
            programs.add(language, std::string(rule->name) + " going on", s, q);
        }
        const QByteArray said = programs.run(python);
        QVERIFY2(said.endsWith("programs failed: 0\n"), said.constData());
    }
};

QTEST_APPLESS_MAIN(ExplainCodeTest)
#include "explain_code_test.moc"
