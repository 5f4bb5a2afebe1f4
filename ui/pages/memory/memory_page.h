#pragma once

#include <QPointer>

#include "ui/pages/memory/memory_state.h"
#include "ui/pages/tabbed_page.h"

namespace lab {

class QueryRow;

/// Memory: nets that store patterns and restore them, and why attention is one of them. The page has a small value of its own
/// (MemoryState), and a time of its own, on which the window's bars act while it is shown.
class MemoryPage : public TabbedPage {
    Q_OBJECT

public:
    explicit MemoryPage(Focus& focus, QWidget* parent = nullptr);

    static QString pageTitle() { return tr("Memory"); }
    static QString pageName() { return QStringLiteral("memory"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }
    OwnBars ownBars() override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;
    MemoryState& state() { return m_state; }

private:
    MemoryState m_state;
    QPointer<QueryRow> m_query;
};

}  // namespace lab
