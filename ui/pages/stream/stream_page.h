#pragma once

#include "ui/pages/tabbed_page.h"

namespace lab {

/// Stream: what each layer already says, and which part made the answer.
class StreamPage : public TabbedPage {
    Q_OBJECT

public:
    explicit StreamPage(Focus& focus, QWidget* parent = nullptr);

    static QString pageTitle() { return tr("Stream"); }
    static QString pageName() { return QStringLiteral("stream"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }
};

}  // namespace lab
