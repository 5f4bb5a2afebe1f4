#pragma once

#include <vector>

#include "ui/pages/page.h"
#include "ui/pages/page_tab.h"

namespace lab {

class CurrentStack;
class PageHeader;
class SegmentedControl;

/// A page of several tabs, one of them shown. Ctrl+Tab and Ctrl+Shift+Tab go through them; a Place names them as stages:
/// "text?stage=tokens".
class TabbedPage : public Page {
    Q_OBJECT

public:
    bool showsWeights() const override { return tab().showsWeights(); }
    bool escape() override { return tab().escape(); }
    QString stage() const override;
    bool showStage(const QString& stage, const QString& cell) override;
    QWidget* mainPart() override { return tab().mainPart(); }
    QStringList walkedStages() const override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;
    OwnBars ownBars() override { return tab().ownBars(); }
    std::vector<FigureOffer> figures() override { return tab().figures(); }

    /// By the name that places have for it; false: there is none.
    bool showTab(const QString& name);
    PageTab& tab() const;

protected:
    struct Tab {
        QString name;   ///< that places and notes have for it
        QString title;  ///< on its button
        PageTab* tab;   ///< without a parent
    };
    explicit TabbedPage(Focus& focus, QWidget* parent = nullptr) : Page(focus, parent) {}
    /// Once, by the constructor of the page itself, whose iconName() begins the names of the controls.
    void setTabs(const std::vector<Tab>& tabs, int first);

    void refresh() override;
    bool ready() const override { return tab().ready(); }

private:
    struct Held {
        QString name;
        PageTab* tab;
        QWidget* controls;  ///< may be null
    };
    void addTab(const Tab& added);
    void addKeys();
    void showTabAt(int index);
    void applyMeasures();
    void refreshHeading();
    int current() const;

    int m_first = 0;
    PageHeader* m_header = nullptr;
    SegmentedControl* m_choice = nullptr;
    CurrentStack* m_stack = nullptr;
    std::vector<Held> m_tabs;
};

}  // namespace lab
