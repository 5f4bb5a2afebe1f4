#pragma once

#include "ui/pages/tabbed_page.h"

namespace lab {

/// Stream: what each layer already says, and which part made the answer.
class StreamPage : public TabbedPage {
    Q_OBJECT

public:
    explicit StreamPage(Focus& focus, QWidget* parent = nullptr);

    QString title() const override { return tr("Stream"); }
    QString iconName() const override { return QStringLiteral("stream"); }
};

}  // namespace lab
