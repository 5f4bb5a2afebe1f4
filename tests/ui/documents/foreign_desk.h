#pragma once

#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include "core/config/experiment.h"
#include "tests/patience.h"
#include "ui/documents/session.h"

namespace lab {

inline const QString foreignCases = QStringLiteral(LAB_SOURCE_DIR "/tests/reference/pretrained/");

/// A session that opens the small models of other programs.
struct ForeignDesk {
    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};

    void openCase(const QString& name) {
        QSignalSpy opened(&session, &Session::opened);
        session.openFile(foreignCases + name);
        QTRY_COMPARE(opened.size(), 1);
    }

    /// The model shown, trained a little further on a text that is written to `file`; null when it was not.
    Run* fineTuned(const QString& file) {
        QFile text(file);
        if (!text.open(QIODevice::WriteOnly)) return nullptr;
        for (int i = 0; i < 200; ++i) text.write("Mira lost the key and the old owl found it again. ");
        text.close();
        Run* origin = session.run();
        Experiment draft = session.draft();
        draft.task.kind = "text";
        draft.task.path = file.toStdString();
        draft.task.seq_len = 8;
        draft.training.steps = 3;
        session.setDraft(draft);
        session.trainDraft();
        if (!QTest::qWaitFor([&] { return session.run() != origin && session.run()->state() == Run::State::finished; }, patience))
            return nullptr;
        return session.run();
    }
};

}  // namespace lab
