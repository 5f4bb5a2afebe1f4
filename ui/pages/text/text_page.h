#pragma once

#include "ui/pages/page.h"
#include "ui/pages/text/text_tab.h"

namespace lab {

class CurrentStack;
class PageHeader;
class SegmentedControl;

/// Text: what the model is trained on, how it is cut into tokens, what the model writes. Ctrl+Tab and Ctrl+Shift+Tab go through the tabs;
/// a Place names them as stages: "text?stage=tokens".
class TextPage : public Page {
    Q_OBJECT

public:
    explicit TextPage(Focus& focus, QWidget* parent = nullptr);

    QString title() const override { return tr("Text"); }
    QString iconName() const override { return QStringLiteral("text"); }

    bool showsWeights() const override { return tab().showsWeights(); }
    bool escape() override { return tab().escape(); }
    QString stage() const override;
    bool showStage(const QString& stage, const QString& cell) override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;
    std::vector<FigureOffer> figures() override { return tab().figures(); }

    /// "corpus", "tokens" or "write".
    bool showTab(const QString& name);
    TextTab& tab() const;

protected:
    void refresh() override;
    bool ready() const override { return tab().ready(); }

private:
    struct Tab {
        QString name;
        TextTab* tab;
        QWidget* controls;  ///< may be null
    };
    void makeTabs();
    void showTabAt(int index);
    void applyMeasures();
    void refreshHeading();
    int current() const;

    PageHeader* m_header;
    SegmentedControl* m_choice;
    CurrentStack* m_stack;
    std::vector<Tab> m_tabs;
};

}  // namespace lab
