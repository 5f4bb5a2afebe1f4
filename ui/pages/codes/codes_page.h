#pragma once

#include "ui/pages/codes/codes_state.h"
#include "ui/pages/tabbed_page.h"

namespace lab {

class Run;
class Workspace;

/// Codes: one whole number for a sequence. Exact, by Gödel's primes, with what can be worked out on such numbers; and learned, by an
/// autoencoder whose slots are digits. The page has a small value of its own (CodesState): the sequence, its alphabet, what was judged.
class CodesPage : public TabbedPage {
    Q_OBJECT

public:
    CodesPage(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);

    static QString pageTitle() { return tr("Codes"); }
    static QString pageName() { return QStringLiteral("codes"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;
    CodesState& state() { return m_state; }

protected:
    void refresh() override;

private:
    void watch(Run* run);

    CodesState m_state;
};

}  // namespace lab
