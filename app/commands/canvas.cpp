#include "app/commands/canvas.h"

#include <cstdio>

#include "app/commands/room_for_qt.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// On a server Qt warns of folders that a desktop session would have; nobody asked.
void passErrors(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type == QtCriticalMsg || type == QtFatalMsg) std::fprintf(stderr, "%s\n", qPrintable(message));
}

}  // namespace

Canvas::Canvas(bool dark) {
    requireRoomForQt(false);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qInstallMessageHandler(passErrors);
    m_application.emplace(m_argumentCount, m_argumentValues);
    Theme::instance().setMode(dark ? Theme::Mode::dark : Theme::Mode::light);
    Theme::instance().apply();
}

}  // namespace lab
