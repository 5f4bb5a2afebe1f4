#include "ui/window/help_actions.h"

#include <QMenu>

#include "ui/window/actions.h"
#include "ui/window/help_pages.h"
#include "ui/window/help_reader.h"
#include "ui/window/main_window.h"

namespace lab {

HelpActions::HelpActions(MainWindow& window, QMenu& menu, QObject* parent) : QObject(parent), m_window(window) {
    for (const HelpPage& page : helpPages()) menu.addAction(window.actions().on(page.action, this, [this, &page] { show(page); }));
}

void HelpActions::takeOver(const HelpActions& before) {
    if (before.m_reader && before.m_reader->isVisible()) show(before.m_reader->page());
}

void HelpActions::show(const HelpPage& page) {
    if (!m_reader) m_reader = new HelpReader(page, &m_window);
    m_reader->setPage(page);
    m_reader->show();
    m_reader->raise();
    m_reader->activateWindow();
}

}  // namespace lab
