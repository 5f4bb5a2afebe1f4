#include <QtTest>

#include "core/config/experiment.h"
#include "core/text/corpus.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/forms/experiment_panel.h"
#include "ui/pages/text/text_page.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

using namespace lab;

/// What is prepared on the page Text becomes the draft of the next run.
class TextDraftTest : public QObject {
    Q_OBJECT

private slots:
    void aPreparedTextIsTheNextRunsTask() {
        Theme::instance().apply();
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        window.session().openTask(smallTask(5), std::nullopt);
        TextPage* page = nullptr;
        for (Page* each : window.pages())
            if (auto* text = qobject_cast<TextPage*>(each)) page = text;
        QVERIFY(page);
        QVERIFY(!window.experimentPanel().hasChanges());
        CorpusSettings settings;
        settings.documentsAreFiles = true;
        emit page->textWanted({QStringLiteral("/texts/a.txt"), QStringLiteral("/texts/b.txt")}, settings);
        QVERIFY(window.experimentPanel().hasChanges());
        const Experiment& draft = window.experimentPanel().draft();
        QCOMPARE(draft.task.kind.name(), std::string_view("text"));
        QCOMPARE(draft.task.path, std::string("/texts/a.txt;/texts/b.txt"));
        QCOMPARE(draft.task.text.documents, DocumentCut::files);
        QCOMPARE(workspace.runs().size(), std::size_t(1));  // the run that there is keeps its task
    }
};

QTEST_MAIN(TextDraftTest)
#include "text_draft_test.moc"
