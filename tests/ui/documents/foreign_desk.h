#pragma once

#include <QSignalSpy>
#include <QTest>

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
};

}  // namespace lab
