#include <QLineEdit>
#include <QtTest>

#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/pages/explain/component_list.h"
#include "ui/pages/explain/components_view.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/model_view.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/theme.h"

using namespace lab;

class ComponentsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() {
        m_workspace = std::make_unique<Workspace>();
        m_focus = std::make_unique<Focus>();
        m_page = std::make_unique<ExplainPage>(*m_focus);
        m_page->resize(1160, 620);
        m_page->show();
        const SmallSize size{.length = 5, .train = 40, .validation = 20, .test = 10, .d_model = 8, .layers = 1, .steps = 10, .batch = 8};
        m_focus->setRun(m_workspace->add(loadTask(resolved(smallExperiment(size)), {})));
        QTRY_VERIFY(m_page->walk().hasBackward);
        m_page->openModelView(ExplainPage::ModelPart::components);
        QTRY_VERIFY(list().isVisible());
    }
    void cleanup() {
        m_page.reset();
        m_focus.reset();
        m_workspace.reset();
    }

    void typedWordsFindComponents_data();
    void typedWordsFindComponents();
    void nothingFoundIsSaid();
    void whatTheModelHasLeadsToItsStage();
    void whatItLacksLeadsToTheSetting();
    void theSettingCanBeClickedItself();
    void keysGoThroughTheList();

private:
    ComponentsView& view() const { return *m_page->modelView()->components(); }
    ComponentList& list() const { return view().list(); }
    int rowOf(const std::string& id) const {
        const auto& all = list().components();
        const auto found = std::ranges::find(all, id, &explain::Component::id);
        return found == all.end() ? -1 : static_cast<int>(found - all.begin());
    }
    void click(const QRect& place) {
        QTest::mouseClick(&list(), Qt::LeftButton, {}, QPoint(place.left() + place.width() / 2, place.center().y()));
    }

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Focus> m_focus;
    std::unique_ptr<ExplainPage> m_page;
};

void ComponentsPageTest::typedWordsFindComponents_data() {
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("id");
    QTest::newRow("its name") << "rope"
                              << "model.position.kind=rope";
    QTest::newRow("what it does") << "heads share keys"
                                  << "grouped-query attention (GQA)";
    QTest::newRow("who made it") << "Katharopoulos"
                                 << "model.attention.kernel=linear";
    QTest::newRow("its group") << "feed-forward"
                               << "model.feed_forward.activation=swiglu";
}

void ComponentsPageTest::typedWordsFindComponents() {
    QFETCH(QString, words);
    QFETCH(QString, id);
    const std::size_t all = list().components().size();
    view().field().setText(words);
    QVERIFY(rowOf(id.toStdString()) >= 0);
    QVERIFY(list().components().size() < all);
    view().field().clear();
    QCOMPARE(list().components().size(), all);
}

void ComponentsPageTest::nothingFoundIsSaid() {
    view().field().setText(QStringLiteral("zzzzqqq"));
    QVERIFY(list().components().empty());
    QVERIFY(!list().isVisible());
    QTest::keyClick(&list(), Qt::Key_Return);
    QVERIFY(view().isVisible());
}

void ComponentsPageTest::whatTheModelHasLeadsToItsStage() {
    const int row = rowOf("model.feed_forward.activation=relu");
    QVERIFY(row >= 0 && list().components()[static_cast<std::size_t>(row)].used);
    const QRect place = list().rowRect(row);
    QTest::mouseClick(&list(), Qt::LeftButton, {}, QPoint(40, place.center().y()));
    QTRY_COMPARE(m_page->stage(), QStringLiteral("ffn_bend"));
    QVERIFY(!m_page->modelView()->isVisible());
}

void ComponentsPageTest::whatItLacksLeadsToTheSetting() {
    QSignalSpy wanted(m_page.get(), &ExplainPage::settingWanted);
    QTest::mouseClick(&list(), Qt::LeftButton, {}, QPoint(40, list().rowRect(rowOf("model.position.kind=alibi")).center().y()));
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.at(0).at(0).toString(), QStringLiteral("model.position.kind"));
    QVERIFY(m_page->modelView()->isVisible());
}

void ComponentsPageTest::theSettingCanBeClickedItself() {
    QSignalSpy wanted(m_page.get(), &ExplainPage::settingWanted);
    click(list().settingRect(rowOf("model.feed_forward.activation=relu")));
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.at(0).at(0).toString(), QStringLiteral("model.feed_forward.activation"));
}

void ComponentsPageTest::keysGoThroughTheList() {
    QTest::keyClick(&view().field(), Qt::Key_Down);
    QTest::keyClick(&list(), Qt::Key_End);
    QCOMPARE(list().chosen(), static_cast<int>(list().components().size()) - 1);
    QTest::keyClick(&list(), Qt::Key_Home);
    QCOMPARE(list().chosen(), 0);
    QTest::keyClick(&list(), Qt::Key_Down);
    QCOMPARE(list().chosen(), 1);
    QVERIFY(list().accessibleName() == QStringLiteral("Components"));
    QTest::keyClick(m_page->modelView(), Qt::Key_Escape);
    QVERIFY(!m_page->modelView()->isVisible());
}

QTEST_MAIN(ComponentsPageTest)
#include "components_page_test.moc"
