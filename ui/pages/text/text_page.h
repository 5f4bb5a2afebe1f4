#pragma once

#include "ui/pages/tabbed_page.h"

namespace lab {

/// Text: what the model is trained on, how it is cut into tokens, what the model writes, how alike it makes two
/// sentences: "corpus", "tokens", "write" and "sentences".
class TextPage : public TabbedPage {
    Q_OBJECT

public:
    explicit TextPage(Focus& focus, QWidget* parent = nullptr);

    static QString pageTitle() { return tr("Text"); }
    static QString pageName() { return QStringLiteral("text"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }
};

}  // namespace lab
