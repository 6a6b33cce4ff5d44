<?php
// sabre/dav over the folder that SABRE_FILES names, with locks and a password: what an app made with it would set up.
require '/usr/share/php/Sabre/autoload.php';

class OneUser extends Sabre\DAV\Auth\Backend\AbstractBasic {
    protected function validateUserPass($username, $password) {
        return $username === getenv('SABRE_USER') && $password === getenv('SABRE_PASSWORD');
    }
}

$tree = getenv('SABRE_TREE') === 'FS' ? 'Sabre\DAV\FS\Directory' : 'Sabre\DAV\FSExt\Directory';
$server = new Sabre\DAV\Server(new $tree(getenv('SABRE_FILES')));
$server->setBaseUri('/');
$server->addPlugin(new Sabre\DAV\Auth\Plugin(new OneUser(), 'files'));
$server->addPlugin(new Sabre\DAV\Locks\Plugin(new Sabre\DAV\Locks\Backend\File(getenv('SABRE_LOCKS'))));
$server->addPlugin(new Sabre\DAV\PartialUpdate\Plugin());
$server->exec();
