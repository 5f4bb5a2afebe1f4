#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/explain/code.h"
#include "core/io/checkpoint.h"
#include "tests/core/explain/explain_testing.h"

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
        const std::string checkpoint = m_folder.filePath(QString::number(m_models++) + ".safetensors").toStdString();
        NamedTensors tensors;
        addTensors(tensors, s.model->layout(), *s.weights);
        writeSafetensors(checkpoint, tensors);
        for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
            const AttentionBlock& block = s.model->attentionBlocks()[b];
            const Question q = questionOf(s, static_cast<int>(b), block.heads - 1, 3, 1);
            CodeSource source = sourceOf(s, q);
            source.checkpoint = checkpoint;
            QString file = QString::fromStdString(name + " " + block.name);
            file.replace(QRegularExpression("[^a-z0-9.]+"), "_");
            std::ofstream(m_folder.filePath(file + ".py").toStdString()) << walkCode(language, walkOf(s, q), source).script();
        }
    }
    QByteArray run() {
        QProcess python;
        python.setProcessChannelMode(QProcess::MergedChannels);
        python.start("python3", {LAB_SOURCE_DIR "/tests/core/run_programs.py", m_folder.path()});
        python.waitForFinished(-1);
        return python.readAll();
    }

private:
    QTemporaryDir m_folder;
    int m_models = 0;
};

bool pythonHas(const char* module) {
    QProcess python;
    python.start("python3", {"-c", QString("import %1").arg(module)});
    return python.waitForStarted() && python.waitForFinished(-1) && python.exitCode() == 0;
}

}  // namespace

class ExplainCodeTest : public QObject {
    Q_OBJECT

private slots:
    void everyStagesNumpyGivesTheWalksNumbersInAllForms() {
        // tests/run.sh installs it: only a person who runs the tests by hand may be without.
        if (!pythonHas("numpy") && !qEnvironmentVariableIsSet("CI")) QSKIP("python3 has no numpy here");
        Programs programs;
        for (const auto& [name, config] : explainedForms()) programs.add(*findCodeLanguage("numpy"), name, subjectOf(config));
        const QByteArray said = programs.run();
        QVERIFY2(said.endsWith("programs failed: 0\n"), said.constData());
    }
};

QTEST_APPLESS_MAIN(ExplainCodeTest)
#include "explain_code_test.moc"
