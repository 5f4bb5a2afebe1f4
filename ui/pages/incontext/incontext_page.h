#pragma once

#include "ui/pages/tabbed_page.h"

namespace lab {

class Run;
class Workspace;

/// In context: what a model learns from its prompt alone. Regression beside gradient descent, induction, and a dictionary as context.
class IncontextPage : public TabbedPage {
    Q_OBJECT

public:
    IncontextPage(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);

    static QString pageTitle() { return tr("In context"); }
    static QString pageName() { return QStringLiteral("incontext"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }

private:
    void watch(Run* run);
};

}  // namespace lab
