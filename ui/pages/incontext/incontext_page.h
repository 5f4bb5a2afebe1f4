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

    QString title() const override { return tr("In context"); }
    QString iconName() const override { return QStringLiteral("incontext"); }

private:
    void watch(Run* run);
};

}  // namespace lab
